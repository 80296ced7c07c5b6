/** A page: where it is in the repository, and all of its text. */
export type Page = { readonly path: string; readonly text: string };
