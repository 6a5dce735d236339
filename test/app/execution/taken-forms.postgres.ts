import { serverForTests } from '../../postgres/store-for-test.ts'
import { rotatedNotes } from './rotated-notes.ts'
import { describeTakenForms } from './taken-forms-contract.ts'

const servers = serverForTests(['fsync = off'])

describeTakenForms('on PostgreSQL', () => rotatedNotes(servers))
