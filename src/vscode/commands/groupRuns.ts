import type { Command } from './context';

/** "Group by Day": the Runs view, from now on and after a reload. */
export const groupRunsByDay: Command = async ({ arranging }) => arranging.groupBy('day');

/** "Group by Blueprint": the same by the blueprints of the runs. */
export const groupRunsByBlueprint: Command = async ({ arranging }) => arranging.groupBy('blueprint');
