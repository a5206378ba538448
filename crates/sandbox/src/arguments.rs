//! The program's arguments.

use std::net::{IpAddr, Ipv4Addr};

use url::Url;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
Emulates identity-verification providers on this machine, for first steps and tests.

Usage: verikit-sandbox [OPTIONS]

Options:
  --host <ADDRESS>  The address to listen on [default: 127.0.0.1]
  --port <PORT>     The control page's port; the emulated hosts take the ports after it.
                    0 takes any free ports [default: 7070]
  --idlayr-project <ID:SECRET>
                    A further IDlayr project with these credentials; may be given more than once
  --cm-plain-http-callbacks
                    Lets callback and webhook URLs of CM.com be plain http on this machine; the
                    sandbox speaks no TLS and sends no others
  --identomat-require-hmac
                    Has Identomat refuse requests that are not signed
  --identomat-callback-url <URL>
                    Where Identomat's callbacks go: plain http on this machine; the sandbox speaks no TLS
                    and keeps all others
  --seed <NUMBER>   Makes ids, codes, tokens and secrets the same in every run
  --help            Prints this
  --version         Prints the version
";

/// What the program is asked to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Help,
    Version,
    Run(Options),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) host: IpAddr,
    pub(crate) port: u16,
    pub(crate) seed: Option<u64>,
    /// Client ids and secrets.
    pub(crate) idlayr_projects: Vec<(String, String)>,
    pub(crate) cm_plain_http_callbacks: bool,
    pub(crate) identomat_requires_hmac: bool,
    pub(crate) identomat_callback_url: Option<Url>,
}

/// Reads the arguments, the program's name left out. The error is a sentence for the user.
pub(crate) fn parse(arguments: impl IntoIterator<Item = String>) -> Result<Request, String> {
    let mut options = Options {
        host: IpAddr::V4(Ipv4Addr::LOCALHOST),
        port: 7070,
        seed: None,
        idlayr_projects: Vec::new(),
        cm_plain_http_callbacks: false,
        identomat_requires_hmac: false,
        identomat_callback_url: None,
    };
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let (name, attached) = match argument.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (argument.as_str(), None),
        };
        let mut value = || {
            attached
                .clone()
                .or_else(|| arguments.next())
                .ok_or_else(|| format!("{name} needs a value."))
        };
        match name {
            "--cm-plain-http-callbacks" if attached.is_none() => options.cm_plain_http_callbacks = true,
            "--identomat-require-hmac" if attached.is_none() => options.identomat_requires_hmac = true,
            "--identomat-callback-url" => {
                options.identomat_callback_url = Some(read(name, &value()?, "an absolute URL")?);
            }
            "--help" | "-h" => return Ok(Request::Help),
            "--version" | "-V" => return Ok(Request::Version),
            "--host" => options.host = read(name, &value()?, "an IP address such as 127.0.0.1")?,
            "--port" => options.port = read(name, &value()?, "a number from 0 to 65535")?,
            "--seed" => options.seed = Some(read(name, &value()?, "a whole number from 0")?),
            "--idlayr-project" => options.idlayr_projects.push(project(name, &value()?)?),
            _ => return Err(format!("There is no argument {argument:?}. Try --help.")),
        }
    }
    Ok(Request::Run(options))
}

/// The secret is not repeated in the error.
fn project(name: &str, value: &str) -> Result<(String, String), String> {
    match value.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() => Ok((id.to_owned(), secret.to_owned())),
        _ => Err(format!(
            "{name} must be a client id and a secret with a colon between them."
        )),
    }
}

fn read<T: std::str::FromStr>(name: &str, value: &str, wanted: &str) -> Result<T, String> {
    value
        .parse()
        .map_err(|_| format!("{name} must be {wanted}, not {value:?}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(arguments: &[&str]) -> Result<Request, String> {
        parse(arguments.iter().map(|argument| (*argument).to_owned()))
    }

    #[test]
    fn without_arguments_the_defaults_hold() {
        let host = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert_eq!(
            parsed(&[]),
            Ok(Request::Run(Options {
                host,
                port: 7070,
                seed: None,
                idlayr_projects: Vec::new(),
                cm_plain_http_callbacks: false,
                identomat_requires_hmac: false,
                identomat_callback_url: None,
            }))
        );
    }

    #[test]
    fn both_ways_to_give_a_value_are_read() {
        let expected = Ok(Request::Run(Options {
            host: "::1".parse().unwrap(),
            port: 0,
            seed: Some(7),
            idlayr_projects: vec![("id".to_owned(), "s:1".to_owned())],
            cm_plain_http_callbacks: true,
            identomat_requires_hmac: true,
            identomat_callback_url: Some(Url::parse("http://127.0.0.1:1/hook").unwrap()),
        }));
        assert_eq!(
            parsed(&[
                "--host",
                "::1",
                "--port",
                "0",
                "--seed",
                "7",
                "--idlayr-project",
                "id:s:1",
                "--cm-plain-http-callbacks",
                "--identomat-require-hmac",
                "--identomat-callback-url",
                "http://127.0.0.1:1/hook",
            ]),
            expected
        );
        assert_eq!(
            parsed(&[
                "--host=::1",
                "--port=0",
                "--seed=7",
                "--idlayr-project=id:s:1",
                "--cm-plain-http-callbacks",
                "--identomat-require-hmac",
                "--identomat-callback-url=http://127.0.0.1:1/hook",
            ]),
            expected
        );
    }

    #[test]
    fn help_and_version_win() {
        assert_eq!(parsed(&["--port", "1", "--help"]), Ok(Request::Help));
        assert_eq!(parsed(&["-V"]), Ok(Request::Version));
    }

    #[test]
    fn mistakes_are_named() {
        for (arguments, named) in [
            (vec!["--port"], "--port needs a value."),
            (vec!["--port", "70000"], "from 0 to 65535, not \"70000\""),
            (vec!["--host", "localhost"], "an IP address"),
            (vec!["--seed", "-1"], "a whole number"),
            (vec!["--idlayr-project", "id"], "a colon between"),
            (vec!["--cm-plain-http-callbacks=no"], "no argument"),
            (vec!["--identomat-require-hmac=1"], "no argument"),
            (vec!["--identomat-callback-url", "hook"], "an absolute URL"),
            (vec!["--prot", "1"], "no argument \"--prot\""),
        ] {
            let error = parsed(&arguments).unwrap_err();
            assert!(error.contains(named), "{error}");
        }
    }
}
