#![doc = include_str!("../README.md")]

mod assembly;
mod authorization;
mod caf;
mod calls;
mod clock;
mod cm;
mod control;
mod device;
mod exchange;
mod identomat;
mod idlayr;
mod json_answer;
mod lock;
mod media_type;
mod members;
mod multipart;
mod outbox;
mod providers;
mod random;
mod sandbox;
mod script;
mod server;

pub use caf::{
    CafAccount, CafCoreFaces, CafFaceAttempt, CafForgery, CafGlobal, CafGlobalStatus, CafGlobalTransaction,
    CafMobile, CafMobileAttempt, CafMobileKey, CafMobileProduct, CafOnboarding, CafOnboardingOutcome,
    CafReview, CafSandbox, CafSdkSession, CafSpoiledResponse, CafTransaction,
};
pub use calls::RecordedCall;
pub use clock::SandboxClock;
pub use cm::{
    CmIdScan, CmIdScanOutcome, CmIdScanPlayError, CmIdScanTask, CmIdScanTransaction, CmMobileIdentity,
    CmNumberVerify, CmNumberVerifyOutcome, CmRateLimit, CmSandbox, CmUnknownOutcome,
};
pub use device::{Device, DeviceError, DeviceHop, DeviceResult};
pub use identomat::{
    IdentomatCompany, IdentomatErrorStatus, IdentomatEvent, IdentomatHmac, IdentomatOutcome,
    IdentomatResultShape, IdentomatSandbox, IdentomatSession, IdentomatSignature,
};
pub use idlayr::{
    IdlayrCheck, IdlayrDigest, IdlayrForgery, IdlayrMoCheck, IdlayrProject, IdlayrSandbox, IdlayrSigningKey,
    ProjectMode,
};
pub use outbox::{Delivery, DeliveryAttempt, DeliveryState};
pub use sandbox::{Sandbox, SandboxBuilder, SandboxError};
pub use script::ScriptedAnswer;
