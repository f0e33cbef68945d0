import { parse as parseStream } from 'csv-parse'
import { readListingCsv } from './src/adapters/listing-csv.ts'
import { readListingCells } from './src/transition/listing.ts'
import {planner} from './src/transition/plan.ts'
import {routeFor} from './src/administration/authority.ts'
import {defineTimeline} from './src/transition/timeline.ts'
const plain='B01234 ABC SECURITIES,B0123401,TESTUSER01,TESTUSER,tu01@abc-securities.example,ENABLED,,,Cash,C3T,0101101200012AB2,31-Dec-30 23:59:59,'
const quoted=plain.split(',').map(x=>`"${x}"`).join(',')
const head='Organisation,User ID,Surname,Other Names,Email,User Status,Enable From,Disable After,Clearing House Options,Access Channel,SRN,Certificate Expiry Date,Remarks\n'
const timeline=defineTimeline({launch:Date.UTC(2023,5,5)})._unsafeUnwrap()
for (const [n,l] of [['plain',plain],['quoted',quoted],['bad',quoted.replace('"Cash"','"Ca"sh"')]] as const){
 const N=20000
 const big=Buffer.from(head+Array(N).fill(l).join('\n')); const chunks:Uint8Array[]=[];for(let i=0;i<big.length;i+=65536)chunks.push(big.subarray(i,i+65536))
 for(let k=0;k<4;k++){
  let t=performance.now(); let c=0
  let bare=NaN
  if(n!=='bad'){ const p=parseStream({relax_column_count:true});
  (async()=>{for(const ch of chunks){ if(!p.write(ch)) await new Promise(r=>p.once('drain',r))} p.end()})()
  for await(const r of p)c++
  bare=(performance.now()-t)/N*1e3}
  t=performance.now(); let d=0,bad=0; const L=(await readListingCsv(chunks))._unsafeUnwrap(); for await(const r of L.rows){d++;if(r.read.isErr())bad++}
  const read=(performance.now()-t)/N*1e3
  t=performance.now(); const L2=(await readListingCsv(chunks))._unsafeUnwrap(); const pl=planner(timeline,{at:0,routeFor}); for await(const r of L2.rows)pl.add(r.line,r.read); pl.finish()
  const plan=(performance.now()-t)/N*1e3
  const cells=l.replaceAll('"','').split(',')
  t=performance.now(); for(let i=0;i<N;i++) readListingCells(L.header,cells); const pure=(performance.now()-t)/N*1e3
  console.log(n,{bare,read,plan,pure,c,d,bad})
 }
}
