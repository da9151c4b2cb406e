//! Which request goes to which feature, and what the server says it can do.

use gen_lsp_types::{
    CodeActionParams, CodeLensParams, CompletionParams, DefinitionParams, DocumentFormattingParams,
    DocumentHighlightParams, DocumentRangeFormattingParams, DocumentSymbolParams,
    ExecuteCommandParams, FoldingRangeParams, HoverParams, InlayHintParams, PrepareRenameParams,
    ReferenceParams, RenameParams, SemanticTokensParams, TextDocumentPositionParams, Uri,
};
use lsp_server::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::client::Client;
use super::position::Encoding;
use super::refusal::Refusal;
use super::session::{Session, View};
use super::{
    completion, definition, folding, formatting, hints, hover, lenses, open_plan, quick_fix,
    rename, symbols, tokens,
};

/// What becomes of a request.
pub(super) enum Reply {
    /// A result, and a document to show with it.
    Now(Value, Option<Uri>),
    /// It waits for the search of this document.
    Later(String),
}

/// The answer to a request of a feature.
///
/// # Errors
/// When nobody knows the method, the parameters are none, or the document is not open.
pub(super) fn answer(session: &Session, method: &str, params: Value) -> Result<Reply, Refusal> {
    let result = match method {
        "textDocument/hover" => {
            let params: HoverParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            write(hover::hover(&view, at))
        }
        "textDocument/completion" => {
            let params: CompletionParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            write(completion::completions(&view, at))
        }
        "textDocument/definition" => {
            let params: DefinitionParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            write(definition::definition(&view, at))
        }
        "textDocument/references" => {
            let params: ReferenceParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            let declared = params.context.include_declaration;
            write(definition::references(&view, at, declared))
        }
        "textDocument/documentHighlight" => {
            let params: DocumentHighlightParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            write(definition::highlights(&view, at))
        }
        "textDocument/prepareRename" => {
            let params: PrepareRenameParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            write(rename::prepare(&view, at))
        }
        "textDocument/rename" => {
            let params: RenameParams = read(params)?;
            let (view, at) = place(session, &params.text_document_position_params)?;
            write(rename::rename(&view, at, &params.new_name)?)
        }
        "textDocument/codeAction" => {
            let params: CodeActionParams = read(params)?;
            let view = view(session, &params.text_document.uri)?;
            write(quick_fix::actions(&view, params))
        }
        "textDocument/documentSymbol" => {
            let params: DocumentSymbolParams = read(params)?;
            write(symbols::symbols(&view(session, &params.text_document.uri)?))
        }
        "textDocument/formatting" => {
            let params: DocumentFormattingParams = read(params)?;
            write(formatting::format(&view(
                session,
                &params.text_document.uri,
            )?))
        }
        "textDocument/rangeFormatting" => {
            let params: DocumentRangeFormattingParams = read(params)?;
            let view = view(session, &params.text_document.uri)?;
            write(formatting::format_range(&view, params.range))
        }
        "textDocument/foldingRange" => {
            let params: FoldingRangeParams = read(params)?;
            write(folding::folds(&view(session, &params.text_document.uri)?))
        }
        "textDocument/semanticTokens/full" => {
            let params: SemanticTokensParams = read(params)?;
            write(tokens::tokens(&view(session, &params.text_document.uri)?))
        }
        "textDocument/inlayHint" => {
            let params: InlayHintParams = read(params)?;
            let view = view(session, &params.text_document.uri)?;
            write(hints::hints(&view, params.range))
        }
        "textDocument/codeLens" => {
            let params: CodeLensParams = read(params)?;
            write(lenses::lenses(&view(session, &params.text_document.uri)?))
        }
        "workspace/executeCommand" => {
            let params: ExecuteCommandParams = read(params)?;
            return command(session, &params);
        }
        _ => {
            let message = format!("no such method: {method}");
            return Err(Refusal::new(ErrorCode::MethodNotFound, message));
        }
    };
    result.map(|result| Reply::Now(result, None))
}

fn command(session: &Session, params: &ExecuteCommandParams) -> Result<Reply, Refusal> {
    if params.command != open_plan::COMMAND {
        let message = format!("no such command: {}", params.command);
        return Err(Refusal::new(ErrorCode::InvalidParams, message));
    }
    let arguments = params.arguments.as_deref().unwrap_or_default();
    let Some(uri) = arguments.first().and_then(Value::as_str) else {
        let message = "the argument is the address of an open spec";
        return Err(Refusal::new(ErrorCode::InvalidParams, message));
    };
    let Some(plan) = open_plan::open(&view(session, &Uri(uri.to_owned()))?)? else {
        return Ok(Reply::Later(uri.to_owned()));
    };
    let show = session.client.shows_documents.then(|| plan.clone());
    Ok(Reply::Now(json!(plan), show))
}

fn read<P: DeserializeOwned>(params: Value) -> Result<P, Refusal> {
    serde_json::from_value(params)
        .map_err(|error| Refusal::new(ErrorCode::InvalidParams, error.to_string()))
}

fn write(result: impl Serialize) -> Result<Value, Refusal> {
    serde_json::to_value(result)
        .map_err(|error| Refusal::new(ErrorCode::InternalError, error.to_string()))
}

fn view<'s>(session: &'s Session, uri: &Uri) -> Result<View<'s>, Refusal> {
    session
        .view(uri)
        .ok_or_else(|| Refusal::new(ErrorCode::InvalidParams, format!("{} is not open", uri.0)))
}

fn place<'s>(
    session: &'s Session,
    params: &TextDocumentPositionParams,
) -> Result<(View<'s>, usize), Refusal> {
    let view = view(session, &params.text_document.uri)?;
    let at = view.document.byte(params.position);
    Ok((view, at))
}

/// The answer to `initialize`.
#[must_use]
pub(super) fn capabilities(client: &Client) -> Value {
    const INCREMENTAL: u32 = 2;
    json!({
        "capabilities": {
            "positionEncoding": match client.encoding {
                Encoding::Utf8 => "utf-8",
                Encoding::Utf16 => "utf-16",
            },
            "textDocumentSync": { "openClose": true, "change": INCREMENTAL, "save": true },
            "hoverProvider": true,
            "completionProvider": { "triggerCharacters": ["\"", "$", ".", " "] },
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "documentSymbolProvider": true,
            "codeActionProvider": { "codeActionKinds": ["quickfix", quick_fix::FIX_ALL] },
            "codeLensProvider": {},
            "documentFormattingProvider": true,
            "documentRangeFormattingProvider": true,
            "workspaceSymbolProvider": true,
            "workspace": {
                "workspaceFolders": { "supported": true, "changeNotifications": true },
            },
            "renameProvider": { "prepareProvider": true },
            "foldingRangeProvider": true,
            "executeCommandProvider": { "commands": [open_plan::COMMAND] },
            "semanticTokensProvider": { "legend": tokens::legend(), "full": true },
            "inlayHintProvider": true,
        },
        "serverInfo": { "name": "edgeplanc", "version": env!("CARGO_PKG_VERSION") },
    })
}
