/** What tests and linters said, as it is recorded in reports. */

export { readReport } from '../core/reports/readReport';
export type { FindingsReport, Report, TestReport } from '../core/reports/report';
