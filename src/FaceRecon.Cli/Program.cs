using System.CommandLine;
using System.CommandLine.Help;
using FaceRecon.Cli;

// Not the library's RootCommand: that is called as the assembly is.
var root = new Command("facerecon",
    "FaceRecon: a metric 3D face mesh from an RGB-D video.\n\n" +
    "Exit codes: 0 done, 2 bad usage (an output folder in the way among it), 3 the capture cannot be read, " +
    "4 it cannot be reconstructed, 5 the output cannot be written, 130 interrupted.")
{
    ReconstructCommand.Create(),
    BatchCommand.Create(),
    CheckCommand.Create(),
    KeypointsCommand.Create(),
    ModelsCommand.Create(),
    ShowCommand.Create(),
    CompareCommand.Create(),
    SampleCommand.Create(),
    DemoCommand.Create(),
    new HelpOption { Recursive = true },
    new VersionOption(),
};
return await CommandRun.InvokeAsync(root, args);
