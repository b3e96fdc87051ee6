// SPDX-License-Identifier: GPL-3.0-or-later
// Job type for Flamenco 3: one task looks the whole clip over, then one for each part, then one that joins them.
// Put this file into the folder "scripts" beside the Flamenco Manager. `skyar split ... --bundle FOLDER` writes the
// job file, and tells how many frames it has.

const JOB_TYPE = {
    label: "SkyAR Replace Sky",
    description: "A clip with a new sky, in parts",
    settings: [
        { key: "job_file", type: "string", subtype: "file_path", required: true,
          description: "job.json of a bundle of SkyAR; clip and sky in it must be there on every worker" },
        { key: "output", type: "string", subtype: "dir_path", required: true,
          description: "Folder for the result, which all workers share" },
        { key: "frames", type: "int32", required: true,
          description: "Frames of the job" },
        { key: "part_frames", type: "int32", required: true, default: 100,
          description: "Frames of a part" },
        { key: "skyar", type: "string", required: true, default: "skyar",
          description: "The command skyar as the workers find it" },
    ],
};

function compileJob(job) {
    const settings = job.settings;
    if (settings.frames < 1 || settings.part_frames < 1) {
        throw "SkyAR: a job and its parts have one frame at least";
    }
    const analysis = skyarTask(job, "analysis", ["analyse", settings.job_file, "--output", settings.output]);
    const join = skyarTask(null, "join", ["join", settings.output]);
    for (let first = 1; first <= settings.frames; first += settings.part_frames) {
        const last = Math.min(first + settings.part_frames - 1, settings.frames);
        const name = first + "-" + last;
        const part = skyarTask(job, "part-" + name, ["part", settings.output, name]);
        part.addDependency(analysis);
        join.addDependency(part);
    }
    job.addTask(join);

    function skyarTask(owner, name, words) {
        const task = author.Task(name, "misc");
        task.addCommand(author.Command("exec", { exe: settings.skyar, args: words }));
        if (owner !== null) {
            owner.addTask(task);
        }
        return task;
    }
}
