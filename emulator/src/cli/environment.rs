//! `Environment`: the variables that the program was started with, and the name it was called by.

use std::collections::HashMap;
use std::env;
use std::ffi::OsStr;
use std::path::Path;

/// The variables as they were at the start. Those of flags are read by the flags themselves.
#[derive(Debug, Default)]
pub(crate) struct Environment {
    variables: HashMap<String, String>,
    program: String,
}

#[allow(clippy::disallowed_methods)] // The one place that reads it.
impl Environment {
    /// Of this process. What is not UTF-8 is left out.
    pub(crate) fn of_process() -> Self {
        let utf8 = env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        let called = env::args_os().next().unwrap_or_default();
        let program = program(Path::new(&called), env::var_os("PATH").as_deref());
        Self { variables: utf8.collect(), program }
    }

    /// The value of a variable. An empty one counts as not set.
    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// What a user types to call this program.
    pub(super) fn program(&self) -> &str {
        &self.program
    }
}

/// The bare name if a shell finds the program under it, else the path that it was called by.
fn program(called: &Path, path: Option<&OsStr>) -> String {
    let shown = called.to_string_lossy().into_owned();
    let (Some(name), Some(path)) = (called.file_name(), path) else {
        return shown;
    };
    let Ok(called) = called.canonicalize() else {
        return shown;
    };
    let found = env::split_paths(path).map(|folder| folder.join(name)).find(|file| file.is_file());
    let is_found =
        found.and_then(|file| file.canonicalize().ok()).is_some_and(|file| file == called);
    if is_found { name.to_string_lossy().into_owned() } else { shown }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(variables: [(&str, &str); N]) -> Self {
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Self { variables: variables.into(), program: "stuntbucket".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_bare_name_is_shown_only_if_a_shell_finds_it() {
        let [here, elsewhere] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let called = here.path().join("stuntbucket");
        fs::write(&called, "").unwrap();
        let [on_path, not_on_path] = [&here, &elsewhere].map(|folder| folder.path().as_os_str());
        assert_eq!(program(&called, Some(on_path)), "stuntbucket");
        assert_eq!(program(&called, Some(not_on_path)), called.to_str().unwrap());
        assert_eq!(program(&called, None), called.to_str().unwrap());
        // Called by the bare name, which the shell found.
        assert_eq!(program(Path::new("stuntbucket"), Some(on_path)), "stuntbucket");
        fs::write(elsewhere.path().join("stuntbucket"), "").unwrap();
        let both = env::join_paths([&elsewhere, &here].map(tempfile::TempDir::path)).unwrap();
        assert_eq!(program(&called, Some(&both)), called.to_str().unwrap());
    }
}
