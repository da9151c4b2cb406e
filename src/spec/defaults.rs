//! What is assumed where a spec says nothing, and the remarks about what it says. The one place of these figures.

use super::model::{Asked, Feature, Objective, Spec, Task};
use crate::diagnostic::{Code, Diagnostic, Locale, Severity, Text};
use crate::quantity::{Seconds, Tokens, TokensPerSecond};

/// Words that give a task away, in ids and titles; the first row that matches wins.
const HINTS: &[(Task, &[&str])] = &[
    (
        Task::TranslateSpeech,
        &[
            "interpret",
            "speech translation",
            "translate speech",
            "语音翻译",
            "同声传译",
            "口译",
            "实时翻译",
        ],
    ),
    (
        Task::Transcribe,
        &[
            "transcri",
            "caption",
            "dictat",
            "subtitle",
            "speech to text",
            "语音转写",
            "转写",
            "语音识别",
            "听写",
            "字幕",
        ],
    ),
    (
        Task::Speak,
        &[
            "read aloud",
            "aloud",
            "text to speech",
            "narrat",
            "朗读",
            "语音合成",
            "播报",
        ],
    ),
    (
        Task::VisionQa,
        &[
            "photo", "image", "picture", "vision", "看图", "图片", "照片", "识图",
        ],
    ),
    (
        Task::Ocr,
        &["ocr", "scan", "text of a receipt", "文字识别", "扫描"],
    ),
    (
        Task::Rag,
        &[
            "rag",
            "manual",
            "knowledge",
            "from documents",
            "知识库",
            "文档问答",
            "手册",
        ],
    ),
    (
        Task::Summarize,
        &["summar", "digest", "tl;dr", "摘要", "总结", "概括", "纪要"],
    ),
    (Task::Translate, &["translat", "翻译"]),
    (
        Task::Rewrite,
        &[
            "rewrit", "rephras", "polish", "tone", "grammar", "改写", "润色", "纠错",
        ],
    ),
    (
        Task::Extract,
        &["extract", "structure", "field", "提取", "抽取", "结构化"],
    ),
    (
        Task::Classify,
        &[
            "classif",
            "categor",
            "label",
            "spam",
            "分类",
            "标签",
            "识别垃圾",
        ],
    ),
    (
        Task::Analyze,
        &[
            "analy",
            "diary",
            "mood",
            "sentiment",
            "分析",
            "日记",
            "情绪",
        ],
    ),
    (
        Task::Search,
        &["search", "find", "retriev", "搜索", "检索", "查找"],
    ),
    (
        Task::ToolUse,
        &[
            "tool",
            "function call",
            "agent",
            "automat",
            "工具",
            "自动化",
        ],
    ),
    (
        Task::Chat,
        &[
            "chat",
            "assistant",
            "dialog",
            "conversation",
            "ask",
            "对话",
            "聊天",
            "助手",
            "问答",
        ],
    ),
];

/// Input, output and context of a task, in tokens; `None` for tasks without tokens.
const fn tokens(task: Task) -> Option<(u64, u64, u64)> {
    Some(match task {
        // A turn brings the new message; what was said before stays in the cache.
        Task::Chat => (256, 512, 4096),
        Task::Summarize | Task::Analyze | Task::Extract | Task::Rag => (3072, 512, 4096),
        Task::Classify => (1024, 64, 2048),
        Task::Rewrite => (1024, 512, 2048),
        Task::Translate => (512, 512, 2048),
        Task::ToolUse => (2048, 256, 4096),
        Task::VisionQa => (1024, 256, 4096),
        // One utterance of about five seconds.
        Task::TranslateSpeech => (64, 64, 2048),
        Task::Transcribe | Task::Speak | Task::Search | Task::Ocr => return None,
    })
}

/// What users take for fluent: the time to the first token (to the end, where there are no tokens) and the decoding
/// speed. A stack within it is comfortable; this orders stacks and refuses none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comfort {
    /// Prompt to first token.
    pub wait: Seconds,
    /// At reading speed: about four English words a second.
    pub decode: TokensPerSecond,
}

/// Tokens of a question that passages are looked up for: a sentence or two.
pub const QUESTION: Tokens = Tokens::new(64);

/// Tokens of the longest passage that is turned into a vector.
pub const PASSAGE: Tokens = Tokens::new(512);

/// The comfort of a task: a dialogue waits eight seconds at the worst, a document that is read first twenty-four.
#[must_use]
pub const fn comfort(task: Task) -> Comfort {
    let wait = match task {
        Task::Summarize | Task::Analyze | Task::Rag => 24.0,
        _ => 8.0,
    };
    Comfort {
        wait: Seconds::new(wait),
        decode: TokensPerSecond::new(6.0),
    }
}

/// The smallest context that is planned, tokens.
const MIN_CONTEXT: u64 = 2048;

/// Fills in what a spec leaves open.
pub(super) fn apply(spec: &mut Spec, findings: &mut Vec<Diagnostic>) {
    if spec.locales.value.is_empty() {
        spec.locales.value.push(locale(spec));
    }
    let languages: Vec<String> = spec
        .locales
        .value
        .iter()
        .map(|locale| match locale {
            Locale::En => "en".to_owned(),
            Locale::ZhCn => "zh".to_owned(),
        })
        .collect();
    let prefer = spec.prefer.value.clone();
    for feature in &mut spec.features {
        if feature.task.is_default() {
            task(feature, findings);
        }
        if feature.prefer.value.is_empty() {
            feature.prefer.value.clone_from(&prefer);
        }
        if says_nothing_of_speed(feature) {
            // What the store may do to the app weighs more than a wait.
            let after = feature.prefer.value.first() == Some(&Objective::Store);
            let place = usize::from(after);
            feature.prefer.value.insert(place, Objective::Comfort);
        }
        if feature.languages.is_default() {
            feature.languages.value.clone_from(&languages);
            feature.languages.value.sort();
        }
        directions(feature, findings);
        lengths(feature, findings);
    }
}

/// Whether a feature neither limits nor orders its speed: then comfort comes before all that it prefers but a leading `store`.
fn says_nothing_of_speed(feature: &Feature) -> bool {
    let speed = [
        Objective::Comfort,
        Objective::Ttft,
        Objective::Decode,
        Objective::Latency,
    ];
    feature.ttft.is_none()
        && feature.decode.is_none()
        && feature.latency.is_none()
        && !feature.prefer.value.iter().any(|one| speed.contains(one))
}

/// Chinese when the features are described in Chinese.
fn locale(spec: &Spec) -> Locale {
    let han = |text: &str| {
        text.chars()
            .any(|c| matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}'))
    };
    let chinese = spec
        .features
        .iter()
        .filter_map(|feature| feature.title.as_ref())
        .any(|title| han(&title.value));
    if chinese { Locale::ZhCn } else { Locale::En }
}

fn task(feature: &mut Feature, findings: &mut Vec<Diagnostic>) {
    let title = feature
        .title
        .as_ref()
        .map(|title| title.value.to_lowercase())
        .unwrap_or_default();
    let id = feature.id.to_lowercase();
    let by_name = Task::parse(&id);
    let by_words = |text: &str| {
        HINTS
            .iter()
            .find(|(_, words)| words.iter().any(|word| text.contains(word)))
            .map(|(task, _)| *task)
    };
    let found = by_name
        .or_else(|| by_words(&id))
        .or_else(|| by_words(&title));
    feature.task = Asked::default(found.unwrap_or(Task::Chat));
    if found.is_none() && !feature.id.is_empty() {
        let message = Text::key("language.task-guessed").arg("feature", feature.id.as_str());
        findings.push(Diagnostic::new(
            Code(602),
            Severity::Advice,
            feature.span,
            message,
        ));
    }
}

fn directions(feature: &mut Feature, findings: &mut Vec<Diagnostic>) {
    let translates = matches!(feature.task.value, Task::Translate | Task::TranslateSpeech);
    let span = feature.languages.span.unwrap_or(feature.span);
    if !translates {
        if !feature.directions.is_empty() {
            let message =
                Text::key("language.needless-direction").arg("task", feature.task.value.id());
            findings.push(Diagnostic::warning(Code(608), span, message));
        }
        return;
    }
    if !feature.directions.is_empty() {
        return;
    }
    let languages = &feature.languages.value;
    for from in languages {
        for to in languages.iter().filter(|to| *to != from) {
            feature.directions.push((from.clone(), to.clone()));
        }
    }
    if feature.directions.is_empty() {
        let message = Text::key("language.no-direction").arg("feature", feature.id.as_str());
        findings.push(Diagnostic::warning(Code(605), span, message));
    }
}

fn lengths(feature: &mut Feature, findings: &mut Vec<Diagnostic>) {
    let (input, output, context) = tokens(feature.task.value).unwrap_or((0, 0, 0));
    let untouched = feature.input.is_default() && feature.output.is_default();
    if feature.input.is_default() {
        feature.input.value = Tokens::new(input);
    }
    if feature.output.is_default() {
        feature.output.value = Tokens::new(output);
    }
    let needed = feature.input.value.get() + feature.output.value.get();
    if feature.context.is_default() {
        feature.context.value = Tokens::new(if untouched {
            context
        } else {
            needed.next_power_of_two().max(MIN_CONTEXT)
        });
    } else if feature.context.value.get() < needed
        && let Some(span) = feature.context.span
    {
        let message = Text::key("language.context-short")
            .arg("context", feature.context.value.to_string())
            .arg("input", feature.input.value.to_string())
            .arg("output", feature.output.value.to_string());
        let mut finding = Diagnostic::warning(Code(604), span, message);
        for place in [feature.input.span, feature.output.span]
            .into_iter()
            .flatten()
        {
            finding = finding.also(place, Text::empty());
        }
        findings.push(finding);
    }
}
