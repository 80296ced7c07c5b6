/**
 * The version of everything that a model is told. It is recorded in every run, and a change of one of these texts that an old
 * run would have to repeat is a change of the version: what a run was begun with, it is gone on with.
 */
export const PROMPT_VERSION = 3;
