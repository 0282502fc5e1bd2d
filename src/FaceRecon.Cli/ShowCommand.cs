using System.CommandLine;

namespace FaceRecon.Cli;

/// <summary>facerecon show: a reconstruction, or any mesh, in the browser.</summary>
internal static class ShowCommand
{
    private static readonly Argument<string> Face = new("face") { Description = "Folder of a reconstruction, or a mesh: .ply, .glb, .obj, .stl." };
    private static readonly Option<string?> Output = new("--output", "-o") { Description = "Page to write; by default one in a temporary folder." };
    private static readonly Option<string?> Title = new("--title") { Description = "What the page is called; by default as the capture, the folder or the file is." };
    private static readonly Option<bool> NoOpen = new("--no-open") { Description = "Write the page and open no browser." };
    private static readonly Option<bool> Force = new("--force", "-f") { Description = "Replace a page that is there already." };

    public static Command Create()
    {
        var command = new Command("show", "Show a face in the browser: one page that holds everything and needs no network.") { Face, Output, Title, NoOpen, Force };
        command.SetAction((arguments, _) => CommandRun.OffThread(() =>
        {
            var scene = ViewerSource.Read(arguments.GetRequiredValue(Face), arguments.GetValue(Title));
            var shown = FaceViewer.Show(scene, arguments.GetValue(Output), open: !arguments.GetValue(NoOpen), arguments.GetValue(Force));
            Summary.Line(Console.Out, "mesh", $"{scene.Mesh.VertexCount:N0} vertices, {scene.Mesh.TriangleCount:N0} triangles");
            Summary.Line(Console.Out, "wrote", $"{shown.Path}");
            if (!shown.Opened && !arguments.GetValue(NoOpen))
                Summary.Line(Console.Out, "", $"no browser could be started here; open the page in one");
        }));
        return command;
    }
}
