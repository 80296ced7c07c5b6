/** What kind of folder to make: `git: false` for one without a repository, `commit: false` for one without a HEAD commit. */
export interface SampleWorkspaceOptions {
  readonly git?: boolean;
  readonly commit?: boolean;
}

/** Copies the sample project to a temporary folder, makes a git repository of it, and returns the folder's real path. */
export function makeSampleWorkspace(options?: SampleWorkspaceOptions): string;

/** Removes a folder that `makeSampleWorkspace` made, and its temporary parent. */
export function removeSampleWorkspace(folder: string): void;
