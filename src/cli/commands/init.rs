//! `edgeplanc init`: a commented starter spec. Asks the three questions every plan starts with, on a terminal.

use std::io::{self, BufRead as _};
use std::path::PathBuf;

use clap::Args;

use crate::cli::console::Console;
use crate::cli::exit::{Exit, Failure};
use crate::cli::outputs;
use crate::diagnostic::{Locale, Text};
use crate::syntax;

const PLATFORMS: [&str; 6] = [
    "ios",
    "android",
    "flutter",
    "react-native",
    "kmp",
    "harmonyos",
];

/// Write a commented starter spec; asks for platform, feature and memory on a terminal
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The file to write; it must not exist
    #[arg(default_value = "app.edgeplan", value_name = "FILE")]
    file: PathBuf,
    /// Target platforms, separated by commas: ios, android, flutter, react-native, kmp, harmonyos
    #[arg(long, value_delimiter = ',', value_parser = PLATFORMS)]
    platform: Vec<String>,
    /// The core AI feature, in your words
    #[arg(long, value_name = "WORDS")]
    feature: Option<String>,
    /// Memory of the smallest phone, in GB
    #[arg(long, value_name = "GB", value_parser = clap::value_parser!(u32).range(1..=64))]
    ram: Option<u32>,
}

impl Init {
    pub(crate) fn run(self, console: &mut Console) -> Result<Exit, Failure> {
        let path = self.file.display().to_string();
        if self.file.exists() {
            return Err(Failure::Said(
                Text::key("cli.init.exists").arg("path", path),
            ));
        }
        let platform = if self.platform.is_empty() {
            let answer = ask(console, "cli.init.ask_platform", "flutter", platforms)?;
            answer.unwrap_or_else(|| "flutter".to_owned())
        } else {
            self.platform.join(", ")
        };
        let example = Text::key("cli.init.example_feature").render(console.locale);
        let feature = match self.feature {
            Some(words) => words,
            None => ask(console, "cli.init.ask_feature", &example, words)?.unwrap_or(example),
        };
        let ram = match self.ram {
            Some(ram) => ram,
            None => ask(console, "cli.init.ask_ram", "8", gigabytes)?.unwrap_or(8),
        };
        let template = match console.locale {
            Locale::En => include_str!("../../../templates/init/en.edgeplan"),
            Locale::ZhCn => include_str!("../../../templates/init/zh-CN.edgeplan"),
        };
        let spec = template
            .replace("{file}", &path)
            .replace("{platform}", &platform)
            .replace("{id}", &identifier(&feature))
            .replace("{title}", &title(&feature))
            .replace("{ram}", &ram.to_string());
        // Names of different length move the comments; the formatter puts them back in line.
        let spec = syntax::format(&spec).unwrap_or(spec);
        outputs::write(&self.file, &spec)?;
        console.say(&Text::key("cli.init.wrote").arg("path", path))?;
        Ok(Exit::Done)
    }
}

/// Asks until the answer can be read; `None` for an empty answer, the end of input, or where nobody can be asked.
fn ask<T>(
    console: &mut Console,
    question: &'static str,
    default: &str,
    read: fn(&str) -> Option<T>,
) -> Result<Option<T>, Failure> {
    if !console.is_interactive() {
        return Ok(None);
    }
    loop {
        console.say(&Text::key(question).arg("default", default))?;
        let mut answer = String::new();
        if io::stdin().lock().read_line(&mut answer)? == 0 || answer.trim().is_empty() {
            return Ok(None);
        }
        if let Some(value) = read(answer.trim()) {
            return Ok(Some(value));
        }
    }
}

fn platforms(answer: &str) -> Option<String> {
    let named: Vec<String> = answer
        .split([',', '，', ' '])
        .map(|word| word.trim().to_lowercase())
        .filter(|word| !word.is_empty())
        .collect();
    let known = named.iter().all(|name| PLATFORMS.contains(&name.as_str()));
    (known && !named.is_empty()).then(|| named.join(", "))
}

fn words(answer: &str) -> Option<String> {
    Some(answer.to_owned())
}

/// `8`, `8GB`, `8 GB`.
fn gigabytes(answer: &str) -> Option<u32> {
    let number = answer.trim_end_matches(|c: char| !c.is_ascii_digit());
    number.parse().ok().filter(|gb| (1..=64).contains(gb))
}

/// An identifier of the words, where they have Latin letters to make one of.
fn identifier(words: &str) -> String {
    let lower = words.to_ascii_lowercase();
    let parts: Vec<&str> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .take(3)
        .collect();
    let id = parts.join("-");
    if id.starts_with(|c: char| c.is_ascii_lowercase()) {
        id
    } else {
        "assistant".to_owned()
    }
}

/// The words as the inside of a string of the language, on one line.
fn title(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    words.join(" ").replace(['"', '\\'], "'")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_generously() {
        assert_eq!(platforms("iOS， Android"), Some("ios, android".to_owned()));
        assert_eq!(platforms("symbian"), None);
        assert_eq!(gigabytes("8 GB"), Some(8));
        assert_eq!(gigabytes("GB"), None);
        assert_eq!(gigabytes("900"), None);
    }

    #[test]
    fn identifiers_fit_the_language() {
        assert_eq!(
            identifier("Offline smart chat for everyone"),
            "offline-smart-chat"
        );
        assert_eq!(identifier("离线智能对话"), "assistant");
        assert_eq!(identifier("3D search"), "assistant");
    }
}
