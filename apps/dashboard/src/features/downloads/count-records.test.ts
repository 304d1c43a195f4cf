import { expect, it } from "vitest";
import { countRecords } from "./count-records.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

it("counts records of CSV, however they are cut, without the header and without line ends inside quotes", () => {
  const text = 'hour,team\r\n1,"a\r\nb"\r\n2,"say ""hi""\r\n"\r\n3,c\r\n';
  for (let cut = 0; cut <= text.length; cut += 1) {
    const counter = countRecords({ isQuoted: true, headLines: 1 });
    counter.take(bytes(text.slice(0, cut)));
    counter.take(bytes(text.slice(cut)));
    expect(counter.records).toBe(3);
  }
});

it("counts lines of JSON, whatever quotes they hold", () => {
  const counter = countRecords({ isQuoted: false, headLines: 0 });
  counter.take(bytes('{"a":"\\""}\n{"b":1}\n{"c"'));
  expect(counter.records).toBe(2);
});

it("has no record before the header has ended", () => {
  const counter = countRecords({ isQuoted: true, headLines: 1 });
  counter.take(bytes("hour,te"));
  expect(counter.records).toBe(0);
});
