//! The operations: what each is called, where it goes, and whether it may be sent again.

use verikit_core::Repeat;

pub(crate) struct Route {
    pub(crate) name: &'static str,
    pub(crate) path: &'static str,
    pub(crate) repeat: Repeat,
}

impl Route {
    const fn safe(name: &'static str, path: &'static str) -> Self {
        let repeat = Repeat::Safe;
        Self { name, path, repeat }
    }
}

/// Each begin is a session of its own, and may be billed.
pub(crate) static BEGIN: Route = Route {
    name: "session.begin",
    path: "/begin/",
    repeat: Repeat::Once,
};
pub(crate) static RESULT: Route = Route::safe("session.result", "/result/");
/// A session that is deleted twice is deleted.
pub(crate) static DELETE: Route = Route::safe("session.delete", "/delete/");

pub(crate) static CARD_FRONT: Route = Route::safe("media.card_front", "/result/card-front/");
pub(crate) static CARD_BACK: Route = Route::safe("media.card_back", "/result/card-back/");
pub(crate) static PASSPORT: Route = Route::safe("media.passport", "/result/passport/");
pub(crate) static FACE: Route = Route::safe("media.face", "/result/face/");
pub(crate) static FACE_VIDEO: Route = Route::safe("media.face_video", "/result/face-video/");
