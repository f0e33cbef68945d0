import { defineTimeline, isLateRegistration, phaseAt } from '../../src/access-control/timeline.ts'
import { isEnabledOn } from '../../src/account/profile.ts'
import { hongKongDay } from '../../src/kernel/instant.ts'
import { runVectors } from './vector-files.ts'

runVectors('timeline-phase', ({ timeline, participant, at }) => ({
  phase: phaseAt(defineTimeline(timeline)._unsafeUnwrap(), participant, at),
}))

runVectors('timeline-late-email', ({ timeline, participant, at }) => ({
  late: isLateRegistration(defineTimeline(timeline)._unsafeUnwrap(), participant, at),
}))

runVectors('timeline-valid', ({ timeline }) => ({
  faults: defineTimeline(timeline).match(
    () => [],
    ({ problems }) => problems.map(({ path }) => path),
  ),
}))

runVectors('hong-kong-day', ({ at }) => ({ day: hongKongDay(at) }))

runVectors('account-enabled', ({ day, ...profile }) => ({ enabled: isEnabledOn(profile, day) }))
