using System.Diagnostics;
using System.Globalization;

namespace FaceRecon.Benchmarks;

/// <summary>
/// Makes the surface of a cloud file, for comparison with other programs: <c>surface cloud.ply output.ply [depth [repeats]]</c>.
/// Prints wall and CPU seconds of the first time, which compiles the code, and of the fastest, and the peak memory before and after.
/// </summary>
internal static class SurfaceRun
{
    public static int Print(string[] arguments)
    {
        var cloud = MeshFile.ReadCloud(arguments[0]);
        var options = new SurfaceOptions { Poisson = new() { Depth = arguments.Length > 2 ? int.Parse(arguments[2], CultureInfo.InvariantCulture) : 0 } };
        var repeats = arguments.Length > 3 ? int.Parse(arguments[3], CultureInfo.InvariantCulture) : 1;
        var process = Process.GetCurrentProcess();
        var before = PeakMegabytes();
        TriangleMesh? mesh = null;
        var runs = new (double Wall, double Cpu)[repeats];
        var after = 0L;
        for (var run = 0; run < repeats; run++)
        {
            process.Refresh();
            var cpu = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            mesh = FaceSurface.Reconstruct(cloud, options);
            process.Refresh();
            runs[run] = (watch.Elapsed.TotalSeconds, (process.TotalProcessorTime - cpu).TotalSeconds);
            if (run == 0)
                after = PeakMegabytes();
        }
        using (var stream = File.Create(arguments[1]))
            PlyWriter.WriteMesh(stream, mesh!);
        Console.WriteLine(FormattableString.Invariant(
            $"{{\"vertices\": {mesh!.VertexCount}, \"wall\": {runs[0].Wall:0.000}, \"cpu\": {runs[0].Cpu:0.000}, \"warm_wall\": {runs.Min(r => r.Wall):0.000}, \"warm_cpu\": {runs.Min(r => r.Cpu):0.000}, \"before_mb\": {before}, \"peak_mb\": {after}}}"));
        return 0;

        long PeakMegabytes()
        {
            process.Refresh();
            return process.PeakWorkingSet64 >> 20;
        }
    }
}
