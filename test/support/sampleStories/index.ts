/** All recorded runs of the sample, one for each shipped blueprint. */
import { DEPENDENCY_UPGRADE } from './dependencyUpgrade';
import { DOCS_UPDATE } from './docsUpdate';
import { INVESTIGATE } from './investigate';
import { QUICK_FIX } from './quickFix';
import { REFACTOR_SAFELY } from './refactorSafely';
import { STANDARD_CHANGE } from './standardChange';
import type { SampleStory } from './story';
import { TEST_REPAIR } from './testRepair';

export const SAMPLE_STORIES: readonly SampleStory[] = [
  QUICK_FIX,
  STANDARD_CHANGE,
  TEST_REPAIR,
  REFACTOR_SAFELY,
  DOCS_UPDATE,
  INVESTIGATE,
  DEPENDENCY_UPGRADE,
];
