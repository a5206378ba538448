//! The proof that no operation is missing from the list.

use std::collections::BTreeSet;
use std::path::Path;

use super::{Operation, providers};

fn read_sources(folder: &Path, sources: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_sources(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            sources.push(code.collect::<Vec<_>>().join("\n"));
        }
    }
}

/// What follows each `mark` up to the first character that is no part of a word.
fn words_after<'a>(source: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    source.match_indices(mark).filter_map(move |(at, _)| {
        let rest = source.get(at + mark.len()..)?;
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_')?;
        rest.get(..end).filter(|word| !word.is_empty())
    })
}

/// The fields of `struct Routes`, if this source declares it. The compiler makes sure that each is used.
fn fields_of_the_table(source: &str) -> Vec<&str> {
    let Some((_, declared)) = source.split_once("struct Routes {") else {
        return Vec::new();
    };
    let fields = declared.split('}').next().unwrap().split(',');
    fields
        .filter_map(|field| field.trim().strip_suffix(": Route")?.rsplit(' ').next())
        .collect()
}

/// The names that the source gives to its operations. Each is made in one of two ways: from a table of routes
/// that is made from a name (`static V0_2: Routes = routes!("phone_check", ...)`) and has an operation in
/// each of its fields, or with the name as it is.
fn names_in_source(folder: &str) -> BTreeSet<String> {
    let mut sources = Vec::new();
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    read_sources(&crates.join(folder).join("src"), &mut sources);
    let table: Vec<&str> = sources
        .iter()
        .flat_map(|source| fields_of_the_table(source))
        .collect();
    let mut names = BTreeSet::new();
    for source in &sources {
        for name in words_after(source, ": Routes = routes!(\"") {
            assert!(!table.is_empty(), "{folder}: a table without fields");
            names.extend(table.iter().map(|field| format!("{name}.{field}")));
        }
        for quoted in source.split('"').skip(1).step_by(2) {
            let parts: Vec<&str> = quoted.split('.').collect();
            let word = |part: &&str| {
                part.starts_with(|letter: char| letter.is_ascii_lowercase())
                    && part
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            };
            if parts.len() == 2 && parts.iter().all(word) {
                names.insert(quoted.to_owned());
            }
        }
        // The escape hatch, whose names are core's.
        if source.contains("Request::new(") {
            names.insert(String::from("request.send"));
            names.insert(String::from("request.stream"));
        }
        if source.contains("ClientCredentials::new(") {
            names.insert(String::from("oauth2.token"));
        }
        // Wherever an operation is made, the name must be one that was understood above.
        for mark in [
            "Operation::get(",
            "Operation::post(",
            "Operation::new(",
            "oauth2().post(",
        ] {
            for (at, _) in source.match_indices(mark) {
                let (_, after) = source.split_at(at + mark.len());
                let arguments = after.split(';').next().unwrap();
                let known = ["route.name", "routes.get.name"];
                let literal = names
                    .iter()
                    .any(|name| arguments.contains(&format!("\"{name}\"")));
                assert!(
                    literal || known.iter().any(|name| arguments.contains(name)),
                    "an operation whose name is given in a third way: {mark}{arguments}"
                );
            }
        }
    }
    names
}

#[test]
fn the_list_is_complete() {
    for (folder, operations) in providers() {
        let listed: Vec<String> = operations.iter().map(Operation::title).collect();
        let distinct: BTreeSet<&String> = listed.iter().collect();
        assert_eq!(
            distinct.len(),
            listed.len(),
            "{folder}: each operation once: {listed:?}"
        );
        let names = operations.iter().map(|operation| operation.name.to_owned());
        assert_eq!(
            names.collect::<BTreeSet<_>>(),
            names_in_source(folder),
            "{folder}"
        );
    }
}
