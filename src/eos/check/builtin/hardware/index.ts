export {
  verifyEnvironmentCooling,
  verifyEnvironmentPower,
  verifyEnvironmentSystemCooling,
  verifyTemperature,
  verifyTransceiversTemperature,
} from './environment.ts'
export {
  verifyAdverseDrops,
  verifyChassisHealth,
  verifyHardwareCapacityUtilization,
  verifyPcIeErrors,
  verifySupervisorRedundancy,
} from './health.ts'
export {
  verifyAbsenceOfLinecards,
  verifyInventory,
  verifyModuleStatus,
  verifyTransceiversManufacturers,
} from './inventory.ts'
