// Requests to execute something, and text that executes when someone does. A fenced block alone is nothing.
import type { Detector, Shape } from '../detector.ts';

const VERBS = ['execute', 'run', 'eval', 'evaluate'];
const OBJECTS = [
  'code',
  'command',
  'commands',
  'script',
  'program',
  'shell command',
  'shell commands',
  'bash command',
  'python code',
  'shell script',
  'bash script',
  'python script',
];
const DETERMINERS = ['this', 'these', 'the following', 'that', 'my', 'the'];

const REQUESTS = [
  ...VERBS.flatMap((verb) =>
    DETERMINERS.flatMap((determiner) => OBJECTS.map((object) => `${verb} ${determiner} ${object}`)),
  ),
  'execute the following',
  'execute arbitrary code',
  'run arbitrary code',
  'execute shell commands',
  'run shell commands',
  'open a shell',
  'open a reverse shell',
  'execute as root',
  'run as root',
  'in your terminal and execute',
  'run it in the terminal',
  'run it in your terminal',
  'run it in a shell',
];

/** `spans` is how far behind its anchor a shape may end, across white space. */
const shell = (anchors: readonly string[], expression: RegExp, spans = 16): Shape => ({
  code: 'code.shell',
  severity: 'medium',
  confidence: 0.8,
  spans,
  anchors,
  expression,
});

const SHAPES: readonly Shape[] = [
  shell(['os.system', 'os.popen', 'os.exec'], /(?<!\w)os\.(?:system|popen|exec[lv]p?e?)\s{0,4}\(/y),
  shell(
    ['subprocess.'],
    /(?<!\w)subprocess\.(?:run|call|Popen|check_call|check_output|getoutput|getstatusoutput)\s{0,4}\(/y,
  ),
  shell(['eval(', 'exec('], /(?<![\w.])(?:eval|exec)\((?!\s{0,4}\))/y),
  shell(['__import__'], /__import__\s{0,4}\(/y),
  shell(['child_process'], /child_process(?!\w)/y),
  shell(['execsync(', 'spawnsync(', 'execfile('], /(?:execSync|spawnSync|execFile)\(/y),
  shell(['new function('], /(?<!\w)new Function\(/y),
  shell(['getruntime()'], /getRuntime\(\)\.exec\(/y),
  shell(['processbuilder('], /(?<!\w)ProcessBuilder\(/y),
  shell(['process.start('], /(?<!\w)Process\.Start\(/y),
  shell(['shell_exec(', 'passthru(', 'proc_open('], /(?:shell_exec|passthru|proc_open)\(/y),
  shell(
    ['rm -'],
    /(?<![\w-])rm(?: -f)? -(?:[a-zA-Z]{0,4}[rR][a-zA-Z]{0,4}|-recursive)(?: -{1,2}[a-zA-Z-]{1,20}){0,3} \S/y,
    64,
  ),
  shell(
    ['curl ', 'wget '],
    /(?<![\w-])(?:curl|wget) [^\n|]{1,200}\|\s{0,4}(?:sudo )?(?:\/bin\/|\/usr\/bin\/)?(?:ba|z|k|da)?sh(?!\w)/y,
    240,
  ),
  shell(['base64 -'], /base64 (?:-d|--decode|-D)[^\n|]{0,100}\|\s{0,4}(?:sudo )?(?:ba|z)?sh(?!\w)/y, 128),
  shell(
    ['powershell'],
    /powershell(?:\.exe)?(?: -\w{1,20}(?: \w{1,20})?){0,4} -e(?:nc|ncodedcommand)?(?!\w)/iy,
    200,
  ),
  shell(['invoke-expression'], /Invoke-Expression(?!\w)/iy),
  shell(['/dev/tcp/'], /\/dev\/tcp\/[\w.-]{1,64}\/\d/y),
  shell([':(){'], /:\(\)\{ ?:\|:& ?\};:/y),
];

export const code: Detector = {
  name: 'code',
  reach: 256,
  shapes: SHAPES,
  phrases: [{ code: 'code.execution', severity: 'medium', confidence: 0.7, literals: REQUESTS }],
};
