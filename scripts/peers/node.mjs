// Asks the peers that are written in JavaScript. Reads one question a line, prints one answer a line, in their order.
//
// Arguments: fitllm or node-llama-cpp, and the folder they are installed in. An answer holds bytes of weights, cache
// and all, or why there is none.
import {createInterface} from "node:readline";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const [peer, home] = process.argv.slice(2);

async function load(name) {
    return import(pathToFileURL(createRequire(`${home}/package.json`).resolve(name)).href);
}

// fitllm reads config.json and the number of parameters from the hub; both are given here as the hub would.
async function fitllm() {
    const engine = await load("fitllm");
    const tiers = new Map(engine.GPU_QUANTS.map((it) => [it.tier, it.bpw]));
    tiers.set("F16", tiers.get("FP16"));
    const cacheBits = {f16: 16, q8_0: 8, q4_0: 4};
    return (question) => {
        const weightBpw = tiers.get(question.quant.toUpperCase());
        if (weightBpw === undefined) throw new Error(`knows no ${question.quant}`);
        const count = question.parameters;
        const evidence = {
            revision: "0".repeat(40), safetensorsParameters: {BF16: count}, safetensorsTotal: count
        };
        const model = engine.LOCAL_MODELS.find((it) => it.name === question.builtin)
            ?? engine.parseHfConfig(question.model, question.config, count * 2, evidence);
        // The reserve for the system and the caller's other programs is left out: it is no memory of the model.
        const sum = engine.simulate(model, 64, question.context, {weightBpw, kvBits: cacheBits[question.kv]});
        const [weights, cache, runtime] = [sum.param, sum.kv + sum.linearState, sum.rtDyn].map((it) => it * 2 ** 30);
        return {weights, cache, total: weights + cache + runtime};
    };
}

async function nodeLlamaCpp() {
    const {getLlama, readGgufFileInfo, GgufInsights, GgmlType, LlamaLogLevel} = await load("node-llama-cpp");
    const llama = await getLlama({gpu: false, logLevel: LlamaLogLevel.disabled, build: "never"});
    return async (question) => {
        const insights = await GgufInsights.from(await readGgufFileInfo(question.header), llama);
        const kind = GgmlType[question.kv.toUpperCase()];
        const model = await insights.estimateModelResourceRequirementsV2({gpuLayers: 0, useMmap: question.mmap});
        const context = await insights.estimateContextResourceRequirementsV2({
            contextSize: question.context, modelGpuLayers: 0, batchSize: question.ubatch, sequences: 1,
            flashAttention: question.flash, swaFullCache: question.swa_full, useMmap: question.mmap,
            kvCacheKeyType: kind, kvCacheValueType: kind
        });
        return {weights: model.cpuRam, total: model.cpuRam + context.cpuRam};
    };
}

const ask = await (peer === "fitllm" ? fitllm() : nodeLlamaCpp());
for await (const line of createInterface({input: process.stdin})) {
    let answer;
    try {
        answer = await ask(JSON.parse(line));
    } catch (error) {
        answer = {refused: String(error.message ?? error).split("\n")[0]};
    }
    console.log(JSON.stringify(answer));
}
process.exit(0);
