//! The proof that every public type was shown.

use std::collections::BTreeSet;
use std::path::Path;

/// Each library crate: its folder, and its name in paths. A new provider joins here.
const CRATES: &[(&str, &str)] = &[
    ("caf", "caf"),
    ("cm-identity", "cm_identity"),
    ("cm-idscan", "cm_idscan"),
    ("core", "verikit_core"),
    ("identomat", "identomat"),
    ("idlayr", "idlayr"),
    ("sandbox", "verikit_sandbox"),
];

/// The public types of all crates of which no value was shown.
pub(crate) fn never_shown(shown: &BTreeSet<&str>) -> Vec<String> {
    let shown: BTreeSet<String> = shown.iter().flat_map(|name| types_in(name)).collect();
    let public: BTreeSet<String> = CRATES
        .iter()
        .flat_map(|(folder, name)| public_types(&sources(folder), name))
        .collect();
    assert!(public.len() > 80, "the scan found {}", public.len());
    public.difference(&shown).cloned().collect()
}

/// `(idlayr::checks::values::CheckId, &verikit_core::answer::Answer<u8>)` is `idlayr::CheckId` and
/// `verikit_core::Answer`.
fn types_in(name: &str) -> Vec<String> {
    let paths = name.split(|c: char| !part_of_a_name(c) && c != ':');
    paths
        .filter_map(|path| {
            let (first, _) = path.split_once("::")?;
            let (_, last) = path.rsplit_once("::")?;
            Some(format!("{first}::{last}"))
        })
        .collect()
}

fn part_of_a_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The sources of a crate, without its tests; `lib.rs` comes first.
fn sources(folder: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(folder)
        .join("src");
    let mut sources = vec![std::fs::read_to_string(root.join("lib.rs")).unwrap()];
    read(&root, &mut sources);
    sources
}

fn read(folder: &Path, sources: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.ends_with("tests") || path.ends_with("tests.rs") || path.ends_with("main.rs") {
            continue;
        }
        if path.is_dir() {
            read(&path, sources);
        } else {
            sources.push(std::fs::read_to_string(path).unwrap());
        }
    }
}

/// What is declared as public; no lint lets a type be `pub` that nobody can reach. What a macro declares
/// under a name that it is given is known by its re-export from `lib.rs`.
fn public_types(sources: &[String], crate_name: &str) -> BTreeSet<String> {
    let declared = |kinds: &[&str]| -> BTreeSet<String> {
        let lines = sources.iter().flat_map(|source| source.lines());
        lines
            .filter_map(|line| {
                let line = line.trim_start();
                let rest = kinds.iter().find_map(|kind| line.strip_prefix(kind))?;
                let end = rest.find(|c: char| !part_of_a_name(c)).unwrap_or(rest.len());
                rest.get(..end).filter(|name| !name.is_empty()).map(str::to_owned)
            })
            .collect()
    };
    let mut types = declared(&["pub struct ", "pub enum "]);
    let others = declared(&["pub trait ", "pub type "]);
    for reexport in sources[0].split("pub use ").skip(1) {
        let names = reexport.split(';').next().unwrap_or_default();
        if names.starts_with("verikit_core::") {
            continue;
        }
        let words = names.split(|c: char| !part_of_a_name(c));
        let types_among = words.filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()));
        types.extend(types_among.map(str::to_owned));
    }
    types
        .difference(&others)
        .map(|name| format!("{crate_name}::{name}"))
        .collect()
}

#[test]
fn a_public_type_is_found_however_it_is_declared() {
    let lib = "pub use a::{A, B_1, Read, make};\npub use verikit_core::Answer;\nmod a;";
    let module = "/// ```\n/// pub struct Example;\npub struct A<T>(T);\nmake! {\n    pub enum C {}\n}\npub trait Read {}";
    let found = public_types(&[lib.to_owned(), module.to_owned()], "x");
    assert_eq!(Vec::from_iter(found), ["x::A", "x::B_1", "x::C"]);
    let shown = types_in("(x::a::A<x::b::B>, &[y::C])");
    assert_eq!(shown, ["x::A", "x::B", "y::C"]);
}
