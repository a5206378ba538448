//! The crypto provider that jsonwebtoken has for the whole process: the application's to choose, and no part
//! of a verdict.

use jsonwebtoken::crypto::{CryptoProvider, KeyUtils};

use crate::support::{FORGED, KEYS, Sent, Way, World, completed, published};

/// Whoever asks it panics. It stays for all tests of this program.
static OF_THE_APPLICATION: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| panic!("nothing is signed here"),
    verifier_factory: |_, _| panic!("nothing is verified with the application's provider"),
    key_utils: KeyUtils::new_unimplemented(),
};

#[test]
fn what_the_application_installs_for_its_process_is_not_used() {
    OF_THE_APPLICATION.install_default().unwrap();
    let world = World::new([published()]);
    for (id, algorithm, way) in [
        ("rsa-1", "rsa-sha256", Way::Rsa256),
        ("rsa-1", "rsa-sha512", Way::Rsa512),
        ("p256-1", "ecdsa-sha256", Way::P256Raw),
        ("p256-1", "ecdsa-sha256", Way::P256Der),
        ("p384-1", "ecdsa-sha384", Way::P384Der),
    ] {
        let sent = |keys| Sent::unsigned(&completed()).key(id, algorithm).sign(keys, way);
        world.verify(&sent(&KEYS)).unwrap();
        let error = world.verify(&sent(&FORGED)).unwrap_err();
        assert!(error.is_signature(), "{error}");
    }
}
