//! The program that measures time and memory. Its allocator is the system's, as in the programs of our users.

use std::process::ExitCode;

fn main() -> ExitCode {
    verikit_bench::main(verikit_bench::Allocator::System)
}
