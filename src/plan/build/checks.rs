//! What to measure on real devices before shipping, with tools, and what must come out.

use super::answer::class_name;
use super::context::Context;
use super::words::{code, joined, plain, say};
use crate::plan::types::{Check, DeviceClass, Estimated, Tier, Unit, Words};
use crate::spec::model::{Feature, Spec, Task};

pub(super) fn checks(context: &Context<'_>, tiers: &[Tier]) -> Vec<Check> {
    let mut checks = Vec::new();
    for platform in platforms(tiers) {
        checks.extend(memory(tiers, platform));
    }
    checks.extend(speed(context.spec, tiers));
    checks.extend(sustained(tiers));
    if !tiers.is_empty() {
        checks.extend(quality(context.spec));
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
        "harmonyos" => &["hdc shell hidumper --mem PID", "DevEco Profiler"],
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
fn speed(spec: &Spec, tiers: &[Tier]) -> Option<Check> {
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
    // A command line tool: it runs over adb, not in the sandbox of an iPhone.
    if engine == "llama.cpp" && tier.platform != "ios" {
        let mut asked = spec.features.iter();
        let asked = asked.find(|feature| feature.id == figures.feature)?;
        tools.push(format!(
            "llama-bench -m {} -p {} -n 128 -t {} --mmap {}",
            stack.file.name.as_deref().unwrap_or("MODEL.gguf"),
            asked.input.value.get(),
            figures.threads,
            u8::from(stack.settings.as_ref().is_some_and(|s| s.mmap)),
        ));
    }
    let trace = match tier.platform.as_str() {
        "ios" => "os_signpost + Instruments",
        "harmonyos" => "hiTraceMeter.startTrace + DevEco Profiler",
        _ => "Trace.beginSection + Perfetto",
    };
    tools.push(trace.to_owned());
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

/// Ten minutes of use: heat and battery. The first tool of every platform comes before the second of any.
fn sustained(tiers: &[Tier]) -> Option<Check> {
    let platforms = platforms(tiers);
    let tools = (0..2).flat_map(|at| platforms.iter().filter_map(move |id| heat(id).get(at)));
    let tools: Vec<String> = tools.map(|tool| (*tool).to_owned()).collect();
    (!tools.is_empty()).then(|| Check {
        id: "sustained".to_owned(),
        text: say("check.sustained", &[]),
        tools,
    })
}

/// What tells how hot a phone is, then what its battery gives.
fn heat(platform: &str) -> &'static [&'static str] {
    match platform {
        "ios" => &[
            "ProcessInfo.thermalState",
            "Xcode Instruments: Power Profiler",
        ],
        "android" => &[
            "PowerManager.getThermalHeadroom()",
            "adb shell dumpsys batterystats",
        ],
        "harmonyos" => &["thermal.getLevel()", "DevEco Profiler"],
        _ => &[],
    }
}

/// What the answers are worth, on data of one's own: what is heard is judged by its words, all else by people.
fn quality(spec: &Spec) -> Vec<Check> {
    let heard = |feature: &&Feature| feature.task.value == Task::Transcribe;
    let (heard, judged): (Vec<&Feature>, Vec<&Feature>) = spec.features.iter().partition(heard);
    [("quality", judged), ("quality_heard", heard)]
        .into_iter()
        .filter(|(_, features)| !features.is_empty())
        .map(|(id, features)| {
            let features: Vec<Words> = features.iter().map(|f| code(&f.id)).collect();
            let features = joined("punct.comma", &features);
            let key = match id {
                "quality" => "check.quality",
                _ => "check.quality_heard",
            };
            Check {
                id: id.to_owned(),
                text: say(key, &[("features", &features)]),
                tools: Vec::new(),
            }
        })
        .collect()
}
