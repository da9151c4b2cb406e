//! The committed constants are what the fit makes of the committed measurements.

use super::{fit, observation, stacks, to_yaml};
use crate::catalog;

const TABLE: &str = include_str!("../../../catalog/calibration/measurements.csv");
const FITTED: &str = include_str!("../../../catalog/calibration/fitted.yaml");
const PATH: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/catalog/calibration/fitted.yaml"
);

#[test]
fn the_constants_follow_from_the_measurements() -> std::io::Result<()> {
    let text = to_yaml(&fit(catalog::builtin(), TABLE));
    if std::env::var_os("UPDATE_CALIBRATION").is_some() {
        return std::fs::write(PATH, text);
    }
    assert!(
        text == FITTED,
        "catalog/calibration/fitted.yaml is out of date: run UPDATE_CALIBRATION=1 cargo test --lib estimate::fit"
    );
    Ok(())
}

#[test]
fn rows_of_other_formats_keep_their_family() {
    let table = "id,soc,model,family,runtime,backend\n\
                 1,sd-8-gen3,llama-3.2-1b-instruct,float,executorch,cpu\n\
                 2,sd-8-gen3,llama-3.2-1b-instruct,group4,executorch,cpu\n";
    let built = stacks(catalog::builtin(), &observation::read(table));
    let families = built.stacks.iter().flatten().map(|(stack, _)| {
        let artifact = &built.catalog.artifacts[stack.artifact.at()];
        built.catalog.quantizations[artifact.quant.at()].family.id()
    });
    assert_eq!(families.collect::<Vec<_>>(), ["float", "group4"]);
}
