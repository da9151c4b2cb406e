//! What is found in an `edgeplan.toml`.

use std::fs;

use crate::support::run_in;

const SPEC: &str = "edgeplan 1\nplatform ios\nfeature chat \"Chat\"\nram >= 8 GB\n";

/// A rule of a team's own.
const OWN_RULE: &str = "id: not-cleared\ncode: EP0412\nlevel: reject\nwhen: model.id = \"llama-3.3-70b-instruct\"\n\
    message:\n  en: it is not cleared\n  zh: 未获批准\nremedy:\n  en: choose another\n  zh: 请选择其他模型\nsources: [llmfit]\n\
    examples:\n  fires:\n    - { model.id: llama-3.3-70b-instruct }\n  passes:\n    - { model.id: other }\n";

#[test]
fn all_that_is_wrong_with_a_configuration_is_told_at_once() {
    let own_levels = "[levels]\nnot-cleared = \"reject\"\nnot-there-at-all = \"warn\"\n";
    // The lines before the levels, the options, and what is found: lines and codes.
    for (before, options, found) in [
        (
            "langg = 1\n",
            &[][..],
            &["1 EP0807", "3 EP0807", "4 EP0807"][..],
        ),
        (
            "langg = 1\nrules = \"mine\"\n",
            &[],
            &["1 EP0807", "5 EP0807"],
        ),
        (
            "langg = 1\n",
            &["--rules", "mine"],
            &["1 EP0807", "4 EP0807"],
        ),
        ("rules = \"mine\"\n", &[], &["4 EP0807"]),
        // Nobody knows which rules these are about.
        ("rules = 5\n", &[], &["1 EP0808"]),
        ("rulez = \"mine\"\n", &[], &["1 EP0807"]),
        ("langg = 1\nrules = \"nowhere\"\n", &[], &["1 EP0807"]),
    ] {
        let config = format!("{before}{own_levels}");
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("mine")).unwrap();
        for (name, text) in [
            ("edgeplan.toml", config.as_str()),
            ("mine/not-cleared.yaml", OWN_RULE),
            ("a.edgeplan", SPEC),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let check = ["check", "--format", "short", "a.edgeplan"];
        let ran = run_in(folder.path(), &[&check, options].concat(), b"");
        assert_eq!(ran.code, 2, "{config}{}", ran.err);
        let places = ran.err.lines().filter_map(|line| {
            let (place, said) = line.strip_prefix("edgeplan.toml:")?.split_once(": ")?;
            let (_, code) = said.split_once('[')?;
            let line = place.split(':').next()?;
            Some(format!("{line} {}", code.split(']').next()?))
        });
        assert_eq!(
            places.collect::<Vec<String>>(),
            found,
            "{config}{}",
            ran.err
        );
    }
}
