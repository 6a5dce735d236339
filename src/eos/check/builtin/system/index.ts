export { verifyNtp, verifyNtpAssociations } from './clock.ts'
export {
  verifyAgentLogs,
  verifyCoredump,
  verifyCpuUtilization,
  verifyFilePresence,
  verifyFileSystemUtilization,
  verifyFlashUtilization,
  verifyMaintenance,
  verifyMemoryUtilization,
  verifyReloadCause,
  verifyUptime,
} from './state.ts'
