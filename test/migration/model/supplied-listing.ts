/** The supplied listing: fictitious, in the format of the briefing's screens. */
export const suppliedListing = `Organisation,User ID,Surname,Other Names,Email,User Status,Enable From,Disable After,Clearing House Options,Access Channel,SRN,Certificate Expiry Date,Remarks
B01234 ABC SECURITIES,B0123401,TESTUSER01,TESTUSER,tu01@abc-securities.example,ENABLED,,,Cash,C3T,0101101200012AB2,31-Dec-30 23:59:59,
B01234 ABC SECURITIES,B0123402,TESTUSER,TESTUSER,tu02@abc-securities.example,ENABLED,01/01/03,,Cash,C3T,0101101200012AB3,31-Dec-30 23:59:59,
B01234 ABC SECURITIES,B0123403,TEST,TESTER,,ENABLED,,,Cash,C3T,0101101200012AB4,31-Dec-30 23:59:59,
B01234 ABC SECURITIES,B012340W,EU01,EU01,eu01@abc-securities.example,DISABLED,,31/12/22,Cash,C3T,0101101200012AB5,31-Dec-22 23:59:59,
B01234 ABC SECURITIES,B01234X1,TESTER,TESTER B01246C2,da1@abc-securities.example,ENABLED,,,Cash,C3T,0101101200012AB6,31-Dec-30 23:59:59,Delegated Administrator
B01234 ABC SECURITIES,B01234X2,TESTER,TESTER B01246C3,da2@abc-securities.example,ENABLED,,,Cash,C3T,0101101200012AB7,31-Dec-30 23:59:59,Delegated Administrator
BNK999 EXAMPLE BANK,BNK99901,CHAN,TAI MAN,tm.chan@bank.example,ENABLED,,,Cash,C3T,0101101200012AC1,31-Dec-30 23:59:59,
BNK999 EXAMPLE BANK,BNK999X1,LEE,SIU LING,sl.lee@bank.example,ENABLED,,,Cash,C3T,0101101200012AC2,31-Dec-30 23:59:59,Delegated Administrator
BNK999 EXAMPLE BANK,BNK999Y1,WONG,KA YAN,ky.wong@bank.example,ENABLED,,,Cash,C3T,0101101200012AC3,31-Dec-30 23:59:59,Delegated Administrator
HKABC ABC FUTURES,HKABC101,HO,MEI,mei.ho@abc-futures.example,ENABLED,,,Cash,C3T,0101101200012AD1,31-Dec-30 23:59:59,
HKABC ABC FUTURES,HKABC1X1,NG,PAK,pak.ng@abc-futures.example,ENABLED,,,Cash,C3T,0101101200012AD2,31-Dec-30 23:59:59,Delegated Administrator
HKABC ABC OPTIONS,HKABC201,AU,WAI,,ENABLED,,,Cash,C3T,0101101200012AE1,31-Dec-30 23:59:59,
HKABC ABC OPTIONS,HKABC2X1,YIP,CHUN,chun.yip@abc-options.example,ENABLED,,,Cash,C3T,0101101200012AE2,31-Dec-30 23:59:59,Delegated Administrator
`

/** Its lines as cells; none of them is quoted. */
export const suppliedCells: readonly (readonly string[])[] = suppliedListing
  .trimEnd()
  .split('\n')
  .map((line) => line.split(','))
