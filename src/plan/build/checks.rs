//! What to measure on real devices before shipping, with tools, and what must come out.

use super::answer::class_name;
use super::context::Context;
use super::words::{code, joined, plain, say};
use crate::plan::types::{Check, DeviceClass, Estimated, Tier, Unit, Words};

pub(super) fn checks(context: &Context<'_>, tiers: &[Tier]) -> Vec<Check> {
    let mut checks = Vec::new();
    for platform in platforms(tiers) {
        checks.extend(memory(tiers, platform));
    }
    checks.extend(speed(tiers));
    checks.extend(sustained(tiers));
    if !tiers.is_empty() {
        let features: Vec<Words> = context.spec.features.iter().map(|f| code(&f.id)).collect();
        checks.push(Check {
            id: "quality".to_owned(),
            text: say(
                "check.quality",
                &[("features", &joined("punct.comma", &features))],
            ),
            tools: Vec::new(),
        });
        checks.push(Check {
            id: "record".to_owned(),
            text: say("check.record", &[]),
            tools: vec!["edgeplanc build --catalog DIR".to_owned()],
        });
    }
    checks
}

fn platforms(tiers: &[Tier]) -> Vec<&str> {
    let mut ids: Vec<&str> = Vec::new();
    for tier in tiers {
        if !ids.contains(&tier.platform.as_str()) {
            ids.push(&tier.platform);
        }
    }
    ids
}

/// Peak memory on the tightest class of a platform.
fn memory(tiers: &[Tier], platform: &str) -> Option<Check> {
    let (tier, class) = tiers
        .iter()
        .filter(|tier| tier.platform == platform)
        .flat_map(|tier| tier.classes.iter().map(move |class| (tier, class)))
        .min_by_key(|(_, class)| class.memory.room())?;
    let tools: &[&str] = match platform {
        "ios" => &[
            "os_proc_available_memory()",
            "task_info(TASK_VM_INFO).phys_footprint",
            "Xcode Instruments: Allocations, VM Tracker",
        ],
        "android" => &[
            "adb shell dumpsys meminfo PACKAGE",
            "Debug.getMemoryInfo()",
            "Perfetto",
        ],
        _ => &[],
    };
    let device = plain(phone(tier, class));
    let total = plain(Unit::Bytes.show(class.memory.total.likely));
    let budget = class.memory.budget.bytes;
    let budget = budget.map(|bytes| plain(Unit::Bytes.show(bytes as f64)));
    Some(Check {
        id: format!("memory.{platform}"),
        text: match &budget {
            Some(budget) => say(
                "check.memory",
                &[("device", &device), ("total", &total), ("budget", budget)],
            ),
            None => say(
                "check.memory_open",
                &[("device", &device), ("total", &total)],
            ),
        },
        tools: tools.iter().map(|tool| (*tool).to_owned()).collect(),
    })
}

/// The phone to take in hand: the reference device, else the class.
fn phone(tier: &Tier, class: &DeviceClass) -> String {
    let class_name = class_name(tier, class);
    match &class.reference {
        Some(device) if !class.named => format!("{class_name} ({})", device.name),
        _ => class_name,
    }
}

/// First token and decoding on the slowest phone.
fn speed(tiers: &[Tier]) -> Option<Check> {
    let mut found: Option<(&Tier, &DeviceClass, usize, f64)> = None;
    for tier in tiers {
        for class in &tier.classes {
            for (at, figures) in class.figures.iter().enumerate() {
                let Some(ttft) = figures.ttft.value() else {
                    continue;
                };
                if found.is_none_or(|(.., known)| ttft.high > known) {
                    found = Some((tier, class, at, ttft.high));
                }
            }
        }
    }
    let (tier, class, at, _) = found?;
    let figures = class.figures.get(at)?;
    let range = |figure: &Estimated| {
        figure.value().map_or_else(
            || say("check.unpredicted", &[]),
            |v| plain(format!("{} – {}", v.unit.show(v.low), v.unit.show(v.high))),
        )
    };
    let stack = tier.stacks.get(at)?;
    let engine = stack
        .runtime
        .engine
        .as_deref()
        .unwrap_or(&stack.runtime.name);
    let mut tools: Vec<String> = Vec::new();
    if engine == "llama.cpp" {
        tools.push(format!(
            "llama-bench -m {} -p 512 -n 128 -t {} --mmap {}",
            stack.file.name.as_deref().unwrap_or("MODEL.gguf"),
            figures.threads,
            u8::from(stack.settings.as_ref().is_some_and(|s| s.mmap)),
        ));
    }
    if tier.platform == "ios" {
        tools.push("os_signpost + Instruments".to_owned());
    } else {
        tools.push("Trace.beginSection + Perfetto".to_owned());
    }
    Some(Check {
        id: "speed".to_owned(),
        text: say(
            "check.speed",
            &[
                ("device", &plain(phone(tier, class))),
                ("ttft", &range(&figures.ttft)),
                ("decode", &range(&figures.decode)),
                ("cold_start", &range(&figures.cold_start)),
            ],
        ),
        tools,
    })
}

/// Ten minutes of use: heat and battery.
fn sustained(tiers: &[Tier]) -> Option<Check> {
    let mut tools = Vec::new();
    for platform in platforms(tiers) {
        match platform {
            "ios" => tools.extend([
                "ProcessInfo.thermalState",
                "Xcode Instruments: Power Profiler",
            ]),
            "android" => tools.extend([
                "PowerManager.getThermalHeadroom()",
                "adb shell dumpsys batterystats",
            ]),
            _ => {}
        }
    }
    (!tools.is_empty()).then(|| Check {
        id: "sustained".to_owned(),
        text: say("check.sustained", &[]),
        tools: tools.into_iter().map(str::to_owned).collect(),
    })
}
