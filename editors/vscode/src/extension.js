// The client: starts `edgeplanc lsp` and hands the plan it opens to the Markdown preview.
"use strict";

const { commands, window, workspace, Uri } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function serverOptions() {
  const settings = workspace.getConfiguration("edgeplan");
  const args = ["lsp", "--stdio"];
  for (const folder of ["catalog", "rules"]) {
    const value = settings.get(folder);
    if (value) args.push(`--${folder}`, value);
  }
  const language = settings.get("language");
  if (language !== "auto") args.push("--lang", language);
  const root = workspace.workspaceFolders?.[0]?.uri.fsPath;
  return { command: settings.get("path"), args, options: { cwd: root } };
}

async function start() {
  client = new LanguageClient("edgeplan", "edgeplan", serverOptions(), {
    documentSelector: [{ language: "edgeplan" }],
    middleware: {
      // The server asks to show the plan; people want to read it, not its source.
      window: {
        showDocument: async (params, next) => {
          const uri = Uri.parse(params.uri);
          if (!uri.path.endsWith(".plan.md")) return next(params);
          await commands.executeCommand("markdown.showPreviewToSide", uri);
          return { success: true };
        },
      },
    },
  });
  try {
    await client.start();
  } catch (error) {
    const path = workspace.getConfiguration("edgeplan").get("path");
    window.showErrorMessage(
      `edgeplan: cannot start \`${path} lsp\` (${error.message}). Install it with \`cargo install --path .\` ` +
        "or name it in the setting `edgeplan.path`.",
    );
  }
}

async function restart() {
  await client?.stop().catch(() => {});
  await start();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    commands.registerCommand("edgeplan.restart", () => restart()),
    commands.registerCommand("edgeplan.plan", () => {
      const document = window.activeTextEditor?.document;
      if (document?.languageId === "edgeplan") {
        return commands.executeCommand("edgeplan.openPlan", document.uri.toString());
      }
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("edgeplan")) return restart();
    }),
  );
  await start();
};

exports.deactivate = () => client?.stop();
