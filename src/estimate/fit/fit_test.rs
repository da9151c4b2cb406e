//! The committed constants are what the fit makes of the committed measurements.

use super::{fit, to_yaml};
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
