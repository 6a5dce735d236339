// Lists the dry runs and the runs that sent nothing, newest first.
export { runPlans as run } from './executions.ts'
