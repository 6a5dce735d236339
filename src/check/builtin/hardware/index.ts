import type { Check } from '../../define.ts'
import { verifyAbsenceOfLinecards } from './verify-absence-of-linecards.ts'
import { verifyAdverseDrops } from './verify-adverse-drops.ts'
import { verifyChassisHealth } from './verify-chassis-health.ts'
import { verifyEnvironmentCooling } from './verify-environment-cooling.ts'
import { verifyEnvironmentPower } from './verify-environment-power.ts'
import { verifyEnvironmentSystemCooling } from './verify-environment-system-cooling.ts'
import { verifyHardwareCapacityUtilization } from './verify-hardware-capacity-utilization.ts'
import { verifyInventory } from './verify-inventory.ts'
import { verifyModuleStatus } from './verify-module-status.ts'
import { verifyPcIeErrors } from './verify-pc-ie-errors.ts'
import { verifySupervisorRedundancy } from './verify-supervisor-redundancy.ts'
import { verifyTemperature } from './verify-temperature.ts'
import { verifyTransceiversManufacturers } from './verify-transceivers-manufacturers.ts'
import { verifyTransceiversTemperature } from './verify-transceivers-temperature.ts'

/** The checks of ANTA's module `hardware`, by name. */
export const hardwareChecks: readonly Check[] = [
  verifyAbsenceOfLinecards,
  verifyAdverseDrops,
  verifyChassisHealth,
  verifyEnvironmentCooling,
  verifyEnvironmentPower,
  verifyEnvironmentSystemCooling,
  verifyHardwareCapacityUtilization,
  verifyInventory,
  verifyModuleStatus,
  verifyPcIeErrors,
  verifySupervisorRedundancy,
  verifyTemperature,
  verifyTransceiversManufacturers,
  verifyTransceiversTemperature,
]
