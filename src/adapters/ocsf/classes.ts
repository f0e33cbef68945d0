/** The version of the OCSF schema that the events follow. */
export const schemaVersion = '1.8.0'

/** The category of every class below. */
export const category = { uid: 3, name: 'Identity & Access Management' } as const

/** The event classes that are used, with those of their activities that are. */
export const classes = {
  'Account Change': {
    uid: 3001,
    activities: {
      Create: 1,
      Enable: 2,
      'Password Change': 3,
      'Password Reset': 4,
      Disable: 5,
      Delete: 6,
      Lock: 9,
      'MFA Factor Enable': 10,
      'MFA Factor Disable': 11,
      Unlock: 12,
      Other: 99,
    },
  },
  Authentication: { uid: 3002, activities: { Logon: 1, Logoff: 2, Preauth: 6, Other: 99 } },
  'Entity Management': {
    uid: 3004,
    activities: { Create: 1, Read: 2, Update: 3, Delete: 4, Disable: 9, Other: 99 },
  },
  'User Access Management': {
    uid: 3005,
    activities: { 'Assign Privileges': 1 },
  },
} as const

type Classes = typeof classes

/** The caption of a class. */
export type ClassName = keyof Classes

/** A class and one of its activities, e.g. `Authentication: Logon`, as the schema writes the name of a type. */
export type Activity = {
  [Name in ClassName]: `${Name}: ${Extract<keyof Classes[Name]['activities'], string>}`
}[ClassName]

/** The numbers and captions of an activity. */
export interface Classification {
  readonly className: ClassName
  readonly classUid: number
  readonly activityName: string
  readonly activityId: number
}

/** Takes an activity apart. */
export const classificationOf = (activity: Activity): Classification => {
  // The casts: an activity is a class and one of its activities, by its type; splitting a text forgets that.
  const [className, activityName] = activity.split(': ') as [ClassName, string]
  const { uid, activities } = classes[className]
  return {
    className,
    classUid: uid,
    activityName,
    activityId: (activities as Readonly<Record<string, number>>)[activityName] ?? 99,
  }
}

/** Severities: what is routine, a failed attempt, and what someone should look at. */
export const severities = { Informational: 1, Low: 2, Medium: 3 } as const

/** The caption of a severity. */
export type Severity = keyof typeof severities

/** Kinds of authentication factors. */
export const factorTypes = { 'Hardware Token': 6, OTP: 7, Email: 8, Password: 11 } as const

/** Types of users. */
export const userTypes = { User: 1, Admin: 2 } as const

/** Types of managed entities. */
export const entityTypes = { User: 2, Organization: 4, Other: 99 } as const
