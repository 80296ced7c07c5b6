import type { Plugin } from 'esbuild';

export const onTreeSitter: Plugin;
