//! The sandbox as a program: starts the emulated providers, says where they are, stops on Ctrl-C.

mod arguments;

use std::error::Error;
use std::process::ExitCode;

use verikit_sandbox::{IdentomatHmac, IdlayrProject, Sandbox, SandboxError};

use arguments::{Options, Request};

#[allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program talks to the person who started it"
)]
fn main() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Request::Help) => {
            print!("{}", arguments::HELP);
            ExitCode::SUCCESS
        }
        Ok(Request::Version) => {
            println!("verikit-sandbox {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(Request::Run(options)) => match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("verikit-sandbox: {}", explained(&*error));
                ExitCode::FAILURE
            }
        },
        Err(mistake) => {
            eprintln!("verikit-sandbox: {mistake}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut builder = Sandbox::builder()
            .host(options.host)
            .port(options.port)
            .cm_plain_http_callbacks(options.cm_plain_http_callbacks);
        for (id, secret) in &options.idlayr_projects {
            builder = builder.idlayr_project(IdlayrProject::new(id, secret));
        }
        if options.identomat_requires_hmac {
            builder = builder.identomat_hmac(IdentomatHmac::Required);
        }
        if let Some(url) = &options.identomat_callback_url {
            builder = builder.identomat_callback_url(url.clone());
        }
        if let Some(seed) = options.seed {
            builder = builder.seed(seed);
        }
        // Asked for before the banner: who reads it may stop the program at once.
        let asked_to_stop = stop_signal()?;
        let sandbox = builder.start().await?;
        greet(&sandbox, options);
        asked_to_stop.await;
        sandbox.shutdown().await;
        Ok(())
    })
}

/// Ends with Ctrl-C, and with the signal that service managers and containers send.
#[cfg(unix)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

#[cfg(windows)]
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

#[allow(
    clippy::print_stdout,
    reason = "the banner is what the program is started for"
)]
fn greet(sandbox: &Sandbox, options: &Options) {
    let idlayr = sandbox.idlayr();
    println!("The verikit sandbox is running. Every credential below is made up.\n");
    println!("  Control page      {}", sandbox.control_url());
    println!("  IDlayr            {}", idlayr.base_url());
    println!("  IDlayr, operator  {}", idlayr.operator_url());
    let cm = sandbox.cm();
    println!("  CM.com            {}", cm.mobile_identity_url());
    println!("                    {}", cm.mobile_identity_sandbox_url());
    println!("                    {}", cm.id_scan_url());
    println!("  CM.com, ID page   {}", cm.id_scan_page_url());
    let identomat = sandbox.identomat();
    println!("  Identomat         {}", identomat.base_url());
    println!("  Identomat, widget {}", identomat.widget_url());
    let caf = sandbox.caf();
    println!("  CAF, Mobile       {}", caf.mobile_url());
    println!("  CAF, SDK          {}", caf.sdk_url());
    println!("  CAF, Core         {}", caf.core_url());
    println!("  CAF, Connect      {}", caf.connect_url());
    println!("  CAF, mTLS twin    {}", caf.connect_mtls_url());
    println!("  CAF, Global       {}", caf.global_url());
    println!("  CAF, cpf_sync     {}", caf.cpf_sync_url());
    println!("\nPoint your client here:\n");
    for line in sandbox.export_lines() {
        println!("  {line}");
    }
    if !options.host.is_loopback() {
        println!(
            "\nIt listens on {}: others on the network can reach it.",
            options.host
        );
    }
    println!("\nCtrl-C stops it.");
}

/// The error with its causes, and what to do about the one that a person can do something about.
fn explained(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    match error.downcast_ref::<SandboxError>() {
        Some(SandboxError::Bind { .. } | SandboxError::Ports { .. }) => {
            format!("{text}. Choose another first port with --port, or any free ports with --port 0.")
        }
        _ => text,
    }
}
