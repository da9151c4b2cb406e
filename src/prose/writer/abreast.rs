//! Several paragraphs written abreast: each has a sequence of its own, and every step reads one batch with the next words of all.
//! Reading sixteen words at once costs little more than reading four.
//!
//! A paragraph's words do not depend on its neighbours: its sequence has its own cache, every step gives it the same number
//! of words, filled up where fewer are guessed, and a multiple of four of them, which is what llama.cpp's kernels take at once.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;
use llama_cpp_2::sampling::LlamaSampler;
use llama_cpp_2::token::LlamaToken;
use llama_cpp_2::vocab::LlamaVocab;

use super::cost::{SEQUENCES, STEP};
use super::lookup::Draft;
use super::{Progress, WriterError, reasons};

/// A paragraph to be written.
pub(super) struct Job {
    /// The whole prompt.
    pub(super) tokens: Vec<LlamaToken>,
    /// What the answer is likely to repeat.
    pub(super) likely: Vec<LlamaToken>,
    /// The most tokens of the answer.
    pub(super) most: usize,
}

/// A paragraph that is being written, in the sequence of its place.
struct Line {
    job: usize,
    draft: Draft<LlamaToken>,
    /// Decided, and not yet read.
    next: LlamaToken,
}

/// Reads the prompt of a job into a sequence, so that its first token can be sampled.
pub(super) type Begin<'b, 'm> =
    dyn FnMut(&mut LlamaContext<'m>, &Job, u32) -> Result<(), WriterError> + 'b;

/// Takes the likeliest token again and again until the model ends its turn, for all jobs; their texts, in order.
pub(super) fn write<'m>(
    model: &LlamaModel,
    context: &mut LlamaContext<'m>,
    jobs: &[Job],
    begin: &mut Begin<'_, 'm>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Vec<String>, WriterError> {
    // A recurrent state cannot be taken back, so nothing is guessed there, and one is written after the other.
    let (places, step) = if model.is_recurrent() || model.is_hybrid() {
        (1, 1)
    } else {
        (SEQUENCES, STEP)
    };
    let vocabulary = model.vocab();
    let mut sampler = LlamaSampler::greedy();
    let mut texts = vec![String::new(); jobs.len()];
    // The longest first, so that no long one is left to be written alone.
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|job| Reverse(jobs[*job].tokens.len()));
    let mut waiting = order.into_iter();
    let mut lines: Vec<Option<Line>> = (0..places).map(|_| None).collect();
    let mut told = Progress::default();
    let mut writing = Duration::ZERO;
    loop {
        for (sequence, place) in (0..).zip(&mut lines) {
            while place.is_none()
                && let Some(job) = waiting.next()
            {
                begin(context, &jobs[job], sequence)?;
                let next = sampler.sample(context, -1);
                if jobs[job].most > 0 && !vocabulary.is_eog(next) {
                    let draft = Draft::new(jobs[job].likely.clone());
                    *place = Some(Line { job, draft, next });
                } else {
                    told.written += 1;
                    forget(context, sequence, 0)?;
                }
            }
        }
        if lines.iter().all(Option::is_none) {
            return Ok(texts);
        }
        let start = Instant::now();
        let rows = read(context, jobs, &mut lines, step)?;
        for ((sequence, place), (first, tried)) in (0..).zip(&mut lines).zip(rows) {
            let Some(line) = place else { continue };
            let job = &jobs[line.job];
            let before = line.draft.answer().len() - 1;
            let ends = line.decide(job.most, first, &tried, &vocabulary, |row| {
                sampler.sample(context, row)
            });
            let answer = line.draft.answer();
            told.tokens += answer.len() - before;
            if ends {
                texts[line.job] = text(answer, &vocabulary);
                told.written += 1;
                forget(context, sequence, 0)?;
                *place = None;
            } else if step > 1 {
                // What was guessed wrongly.
                forget(context, sequence, job.tokens.len() + answer.len())?;
            }
        }
        writing += start.elapsed();
        told.per_second = told.tokens as f64 / writing.as_secs_f64().max(1e-9);
        progress(told);
    }
}

impl Line {
    /// Says what was tried as long as it is what the model takes; whether the answer ends here.
    fn decide(
        &mut self,
        most: usize,
        first: usize,
        tried: &[LlamaToken],
        vocabulary: &LlamaVocab<'_>,
        mut sample: impl FnMut(i32) -> LlamaToken,
    ) -> bool {
        for index in 0..tried.len() {
            self.next = sample(i32::try_from(first + index).unwrap_or(-1));
            if vocabulary.is_eog(self.next) || self.draft.answer().len() >= most {
                return true;
            }
            match tried.get(index + 1) {
                Some(guess) if *guess == self.next => self.draft.push(self.next),
                _ => break,
            }
        }
        false
    }
}

/// Takes back what a sequence holds from a place on.
fn forget(context: &mut LlamaContext<'_>, sequence: u32, from: usize) -> Result<(), WriterError> {
    context
        .clear_kv_cache_seq(Some(sequence), u32::try_from(from).ok(), None)
        .map(|_| ())
        .map_err(|error| failed(&error))
}

fn text(answer: &[LlamaToken], vocabulary: &LlamaVocab<'_>) -> String {
    let pieces = answer
        .iter()
        .flat_map(|token| vocabulary.token_to_piece(*token, false, None));
    let bytes: Vec<u8> = pieces.collect();
    String::from_utf8_lossy(&bytes).trim().to_owned()
}

/// Reads the next token of each line and its guess, `step` of each; the first row of each and what it holds.
fn read(
    context: &mut LlamaContext<'_>,
    jobs: &[Job],
    lines: &mut [Option<Line>],
    step: usize,
) -> Result<Vec<(usize, Vec<LlamaToken>)>, WriterError> {
    let mut batch = LlamaBatch::new(lines.len() * step, 1);
    let mut rows = Vec::with_capacity(lines.len());
    let mut count = 0;
    for (sequence, place) in (0..).zip(lines) {
        let Some(line) = place else {
            rows.push((count, Vec::new()));
            continue;
        };
        let from = jobs[line.job].tokens.len() + line.draft.answer().len();
        line.draft.push(line.next);
        let mut tried = vec![line.next];
        tried.extend(line.draft.next(step - 1));
        tried.resize(step, line.next);
        for (index, token) in tried.iter().enumerate() {
            let position = i32::try_from(from + index).unwrap_or(i32::MAX);
            batch
                .add(*token, position, &[sequence], true)
                .map_err(|error| failed(&error))?;
        }
        rows.push((count, tried));
        count += step;
    }
    context.decode(&mut batch).map_err(|error| failed(&error))?;
    Ok(rows)
}

/// llama.cpp's own reason why it does not go on.
pub(super) fn failed(error: &dyn std::fmt::Display) -> WriterError {
    WriterError::Generate(reasons::last(&error.to_string()))
}
