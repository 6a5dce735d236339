import { serverForTests } from '../../postgres/store-for-test.ts'
import { describeTakenForms, rotatedNotes } from './taken-forms-contract.ts'

const servers = serverForTests()

describeTakenForms('on PostgreSQL', () => rotatedNotes(servers))
