//! `CaFile`: the certificate that clients must trust, where they find it.

use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;

use tempfile::TempDir;

use super::CliError;

/// A PEM file beside the data folder, or else in a temporary folder that goes with this value.
#[derive(Debug)]
pub(super) struct CaFile {
    path: PathBuf,
    _folder: Option<TempDir>,
}

impl CaFile {
    /// Writes the file. Beside a data folder its name stays the same from run to run, though the
    /// certificate does not.
    pub(super) fn write(pem: &str, data: Option<&Path>) -> Result<Self, CliError> {
        let written = match data.and_then(beside) {
            Some(path) => fs::write(&path, pem).map(|()| Self { path, _folder: None }),
            None => Self::in_temporary_folder(pem),
        };
        written.map_err(|error| CliError::Failed(format!("cannot write the certificate: {error}")))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    fn in_temporary_folder(pem: &str) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("stuntbucket-ca-").tempdir()?;
        let path = folder.path().join("ca.pem");
        fs::write(&path, pem)?;
        Ok(Self { path, _folder: Some(folder) })
    }
}

/// `kept-ca.pem` for the folder `kept`.
fn beside(folder: &Path) -> Option<PathBuf> {
    let folder = std::path::absolute(folder).ok()?;
    let name = folder.file_name()?.to_str()?;
    Some(folder.with_file_name(format!("{name}-ca.pem")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_file_goes_and_one_beside_the_data_stays() {
        let file = CaFile::write("pem", None).unwrap();
        let path = file.path().to_owned();
        assert_eq!(fs::read_to_string(&path).unwrap(), "pem");
        drop(file);
        assert!(!path.exists());

        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("kept");
        drop(CaFile::write("pem", Some(&data)).unwrap());
        assert_eq!(fs::read_to_string(folder.path().join("kept-ca.pem")).unwrap(), "pem");
    }
}
