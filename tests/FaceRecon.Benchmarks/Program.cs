using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FaceRecon.Benchmarks;

if (args is ["keypoints", .. var rest])
    return KeypointTable.Print(rest);
if (args is ["landmarks", .. var others])
    return LandmarkTable.Print(others);
if (args is ["surface", .. var clouds])
    return SurfaceRun.Print(clouds);
if (args is ["ablation", .. var captures])
    return AblationTable.Print(captures);
if (args is ["focal", .. var stated])
    return FocalTable.Print(stated);
if (args is ["heldout", .. var unknown])
    return HeldOutTable.Print(unknown);
if (args is ["robustness", .. var disturbed])
    return RobustnessTable.Print(disturbed);

// In this process: the natives are found beside it, and nothing has to be built again.
var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, DefaultConfig.Instance.AddJob(job));
return 0;
