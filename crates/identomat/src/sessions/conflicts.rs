//! Flags that do not go together (contract identomat, 3.1 and 3.2).

use std::fmt;

use super::flags::Flags;
use super::steps::{Step, StepType};

/// Flags and steps that do not go together by the vendor's manual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FlagConflict {
    /// General documents are asked for, and can be neither photographed nor uploaded.
    GeneralDocumentsNotAllowed,
    /// There is a step `liveness`, and the built-in step for the face is not skipped: there would be two.
    LivenessWithoutSkipFace,
    /// There is a step `identity-document`, and the built-in step for the document is not skipped: there
    /// would be two.
    IdentityDocumentWithoutSkipDocument,
    /// The session is bound to one browser, and a QR code is expected (by `skip_desktop`,
    /// `optional_continue_on_another_device` or `require_hd_media`), which then needs `switch_device_url`.
    RestrictedSharingWithoutSwitchDeviceUrl,
}

impl fmt::Display for FlagConflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GeneralDocumentsNotAllowed => {
                "general_document_types needs allow_general_document_capture or allow_general_document_upload"
            }
            Self::LivenessWithoutSkipFace => "a liveness step needs skip_face",
            Self::IdentityDocumentWithoutSkipDocument => "an identity-document step needs skip_document",
            Self::RestrictedSharingWithoutSwitchDeviceUrl => {
                "with restrict_url_sharing a QR code needs switch_device_url"
            }
        })
    }
}

pub(super) fn conflicts(flags: &Flags, steps: &[Step]) -> Vec<FlagConflict> {
    let on = |flag: Option<bool>| flag == Some(true);
    let has_step = |wanted: StepType| steps.iter().any(|step| *step.step_type() == wanted);
    let asks_for_documents = flags
        .general_document_types
        .as_ref()
        .is_some_and(|types| !types.is_empty());
    let can_give_documents =
        on(flags.allow_general_document_capture) || on(flags.allow_general_document_upload);
    let expects_code =
        on(flags.skip_desktop) || on(flags.optional_continue_on_another_device) || on(flags.require_hd_media);
    let has_switch_url = flags
        .switch_device_url
        .as_ref()
        .is_some_and(|url| !url.expose().is_empty());
    let rules = [
        (
            asks_for_documents && !can_give_documents,
            FlagConflict::GeneralDocumentsNotAllowed,
        ),
        (
            has_step(StepType::Liveness) && !on(flags.skip_face),
            FlagConflict::LivenessWithoutSkipFace,
        ),
        (
            has_step(StepType::IdentityDocument) && !on(flags.skip_document),
            FlagConflict::IdentityDocumentWithoutSkipDocument,
        ),
        (
            on(flags.restrict_url_sharing) && expects_code && !has_switch_url,
            FlagConflict::RestrictedSharingWithoutSwitchDeviceUrl,
        ),
    ];
    let broken = rules.into_iter().filter(|(is_broken, _)| *is_broken);
    broken.map(|(_, conflict)| conflict).collect()
}
