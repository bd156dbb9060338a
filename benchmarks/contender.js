// As contender.py, for programs of Node: `node contender.js PROGRAM.WHAT UNITS WORK OUT` → one line of JSON.
const fs = require("fs");
const [, , name, count, work, out] = process.argv;
const [program, what] = name.split(".");
const units = Number(count);
const contexts = JSON.parse(fs.readFileSync(`${work}/${what}.json`));
const template = `${work}/${what}-${program}.docx`;
fs.mkdirSync(out, { recursive: true });

const programs = {
  docxtemplater() {
    const Zip = require("pizzip");
    const Template = require("docxtemplater");
    const data = fs.readFileSync(template);
    return async (values, path) => {
      const document = new Template(new Zip(data), { paragraphLoop: true, linebreaks: true });
      document.render(values);
      fs.writeFileSync(path, document.getZip().generate({ type: "nodebuffer", compression: "DEFLATE" }));
    };
  },
  "easy-template-x"() {
    const { TemplateHandler } = require("easy-template-x");
    const handler = new TemplateHandler();
    const data = fs.readFileSync(template);
    return async (values, path) => fs.writeFileSync(path, await handler.process(data, values));
  },
  carbone() {
    const carbone = require("carbone");
    return (values, path) =>
      new Promise((done, failed) =>
        carbone.render(template, values, (fault, data) => {
          if (fault) return failed(fault);
          fs.writeFileSync(path, data);
          done();
        }),
      );
  },
};

(async () => {
  const make = programs[program]();
  // The compiler of Node takes some documents to warm up.
  for (let number = 0; number < 40; number++) await make(contexts[number % contexts.length], `${out}/warm-${number}.docx`);
  const before = process.cpuUsage(), clock = process.hrtime.bigint();
  for (let number = 0; number < units; number++) await make(contexts[number % contexts.length], `${out}/${number}.docx`);
  const wall = Number(process.hrtime.bigint() - clock) / 1e9, used = process.cpuUsage(before);
  const memory = process.resourceUsage().maxRSS * 1024;
  console.log(JSON.stringify({ name, units, cpu: (used.user + used.system) / 1e6, wall, peak: memory, before: 0 }));
  process.exit(0);
})().catch((fault) => {
  console.error(fault, JSON.stringify(fault.properties || {}).slice(0, 500));
  process.exit(1);
});
