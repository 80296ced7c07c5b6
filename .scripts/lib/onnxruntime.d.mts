import type { BuildOptions } from 'esbuild';

export const WASM: { readonly from: string; readonly name: string };
export function withoutProcessHandlers(source: string): string;
export function withModuleAhead(source: string): string;
export const onOnnxruntime: BuildOptions;
