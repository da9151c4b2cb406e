//! Why the server does not answer a request: data with the numbers of the protocol.

use lsp_server::ErrorCode;

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    /// The number of the error.
    pub(super) code: i32,
    /// For the developer of the client.
    pub(super) message: String,
}

impl Refusal {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code: code as i32,
            message: message.into(),
        }
    }

    /// The refusal of what we got wrong.
    pub(super) fn mistake() -> Self {
        let message = "a mistake in edgeplan; its report is on standard error";
        Self::new(ErrorCode::InternalError, message)
    }
}
