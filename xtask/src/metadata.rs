//! The workspace as cargo sees it: members, their features and what they depend on.

use crate::run;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) members: Vec<Member>,
}

#[derive(Debug, Default)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Relative to the root, with `/` on every platform.
    pub(crate) directory: String,
    /// Whether it may go to a registry.
    pub(crate) published: bool,
    /// With `default`.
    pub(crate) features: BTreeMap<String, Vec<String>>,
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Debug)]
pub(crate) struct Dependency {
    /// The package's name, whatever the member calls it.
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Build,
    Dev,
}

impl Workspace {
    /// Asks cargo. Nothing is resolved or downloaded for it.
    pub(crate) fn load() -> Result<Self, String> {
        let root = run::root();
        let mut command = run::cargo();
        command
            .current_dir(&root)
            .args(["metadata", "--no-deps", "--format-version", "1"]);
        Self::parse(&run::output(&mut command)?)
    }

    pub(crate) fn parse(metadata: &str) -> Result<Self, String> {
        let metadata: Value =
            serde_json::from_str(metadata).map_err(|error| format!("cargo metadata is not JSON: {error}"))?;
        let root = PathBuf::from(text(&metadata, "workspace_root")?);
        let mut members = list(&metadata, "packages")
            .map(|package| member(&root, package))
            .collect::<Result<Vec<_>, _>>()?;
        members.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self { root, members })
    }

    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// The members under `crates/`: all but the chores.
    pub(crate) fn crates(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(|member| member.directory.starts_with("crates/"))
    }
}

impl Member {
    pub(crate) fn manifest(&self) -> String {
        format!("{}/Cargo.toml", self.directory)
    }
}

fn member(root: &Path, package: &Value) -> Result<Member, String> {
    let name = text(package, "name")?.to_owned();
    let manifest = Path::new(text(package, "manifest_path")?);
    let directory = manifest
        .parent()
        .and_then(|directory| directory.strip_prefix(root).ok());
    let directory = directory.ok_or_else(|| format!("{name} does not lie within the workspace"))?;
    let parts: Vec<_> = directory.iter().map(|part| part.to_string_lossy()).collect();
    let mut features = BTreeMap::new();
    for (feature, enables) in package
        .get("features")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let enables = enables
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .map(str::to_owned);
        features.insert(feature.clone(), enables.collect());
    }
    Ok(Member {
        name,
        directory: parts.join("/"),
        // `publish = false` is an empty list of registries, no `publish` at all is null.
        published: package
            .get("publish")
            .and_then(Value::as_array)
            .is_none_or(|registries| !registries.is_empty()),
        features,
        dependencies: list(package, "dependencies")
            .map(dependency)
            .collect::<Result<_, _>>()?,
    })
}

fn dependency(value: &Value) -> Result<Dependency, String> {
    let kind = match value.get("kind").and_then(Value::as_str) {
        None => Kind::Normal,
        Some("build") => Kind::Build,
        Some("dev") => Kind::Dev,
        Some(other) => {
            return Err(format!(
                "cargo metadata has an unknown kind of dependency: {other}"
            ));
        }
    };
    Ok(Dependency {
        name: text(value, "name")?.to_owned(),
        kind,
    })
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, key: &str) -> Result<&'a str, String> {
    value
        .get(key)
        .and_then(Value::as_str)
        .ok_or_else(|| format!("cargo metadata has no text `{key}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{
        "workspace_root": "/w",
        "packages": [
            {"name": "xtask", "manifest_path": "/w/xtask/Cargo.toml", "publish": [], "features": {},
             "dependencies": []},
            {"name": "idlayr", "manifest_path": "/w/crates/idlayr/Cargo.toml", "publish": null,
             "features": {"default": ["reqwest"], "reqwest": []},
             "dependencies": [{"name": "url", "kind": null, "rename": "link"}, {"name": "axum", "kind": "dev"}]}
        ]}"#;

    #[test]
    fn members_are_read_with_features_and_dependencies() {
        let workspace = Workspace::parse(METADATA).unwrap();
        let idlayr = workspace.member("idlayr").unwrap();
        assert_eq!(idlayr.manifest(), "crates/idlayr/Cargo.toml");
        assert!(idlayr.published && !workspace.member("xtask").unwrap().published);
        assert_eq!(idlayr.features["default"], ["reqwest"]);
        let named: Vec<_> = idlayr
            .dependencies
            .iter()
            .map(|d| (d.name.as_str(), d.kind))
            .collect();
        assert_eq!(named, [("url", Kind::Normal), ("axum", Kind::Dev)]);
        assert_eq!(workspace.crates().count(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        assert!(Workspace::parse("{").unwrap_err().contains("not JSON"));
        assert!(Workspace::parse("{}").unwrap_err().contains("workspace_root"));
    }
}
