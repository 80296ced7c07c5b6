/** The pages of the reference that are made from the schemas. */
import { cliPage } from './cli';
import { commandsPage } from './commands';
import { eventsPage } from './events';
import { blueprintsPage, policiesPage, toolsetsPage } from './languages';
import type { Page } from './page';
import { settingsPage } from './settings';

/** Each is made of the code and of the shipped files under the repository's root. */
export const PAGES: readonly ((root: string) => Page)[] = [
  cliPage,
  settingsPage,
  commandsPage,
  eventsPage,
  blueprintsPage,
  policiesPage,
  toolsetsPage,
];
