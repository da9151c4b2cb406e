//! What a token reads of a bundle.

use super::traffic::traffic;
use crate::catalog::types::{Artifact, ArtifactIx};
use crate::estimate::calibration::Constants;
use crate::estimate::testing::{World, sourced, world};
use crate::quantity::Bytes;

/// The world's model with an encoder of half a gigabyte beside it.
fn bundled() -> (World, Artifact) {
    let mut world = world();
    let plain = world.catalog.artifacts.remove(0);
    let bundle = Artifact {
        id: "model/gguf/q4_k_m+mmproj".into(),
        bytes: Some(sourced(Bytes::new(1_307_694_464))),
        bundle: true,
        ..plain.clone()
    };
    world.catalog.artifacts.push(bundle);
    (world, plain)
}

fn read(world: &World) -> u64 {
    let constants = Constants::new(&world.catalog);
    let traffic = traffic(&world.case(&constants), 0);
    traffic.map_or(0, |it| it.total.likely.get())
}

#[test]
fn the_encoder_is_not_read_once_a_token() {
    let (mut world, plain) = bundled();
    let by_shape = read(&world);
    world.catalog.artifacts.push(plain);
    let by_file = read(&world);
    world.stack.artifact = ArtifactIx(1);
    assert_eq!(by_file, read(&world));
    assert!(
        by_shape.abs_diff(by_file) < by_file / 10,
        "{by_shape} {by_file}"
    );
}
