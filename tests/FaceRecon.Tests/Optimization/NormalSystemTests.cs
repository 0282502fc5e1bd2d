namespace FaceRecon.Tests;

public class NormalSystemTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(131)]
    public void Solves_what_it_was_given(int size)
    {
        var random = new Random(size);
        var system = new NormalSystem(size);
        var row = new double[size];
        var truth = Enumerable.Range(0, size).Select(i => random.NextDouble() - 0.5).ToArray();
        for (var k = 0; k < 2 * size + 3; k++)
        {
            for (var i = 0; i < size; i++)
                row[i] = random.NextDouble() - 0.5;
            // r(x) = j.x - j.truth, linearised at zero.
            system.Add(row, [new Run(0, size)], 1 + random.NextDouble(), -row.Zip(truth, (a, b) => a * b).Sum());
        }
        var one = new double[size];
        var many = new double[size];
        Assert.True(system.TrySolve(0, 1, default, one));
        Assert.True(system.TrySolve(0, 4, default, many));
        Assert.All(one.Zip(truth), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
        Assert.Equal(one, many);
    }

    [Fact]
    public void Refuses_what_has_no_single_solution()
    {
        var system = new NormalSystem(3);
        system.Add([1, 1, 0], [new Run(0, 3)], 1, 1);
        Assert.False(system.TrySolve(0, 1, default, new double[3]));
    }

    [Fact]
    public void Runs_are_the_same_as_the_whole_row()
    {
        var whole = new NormalSystem(9);
        var parts = new NormalSystem(9);
        double[] row = [0, 2, -1, 0, 0, 3, 0, 0, 5];
        whole.Add(row, [new Run(0, 9)], 2, 0.5);
        parts.Add(row, [new Run(1, 3), new Run(5, 6), new Run(8, 9)], 2, 0.5);
        for (var i = 0; i < 9; i++)
        for (var j = 0; j <= i; j++)
            Assert.Equal(whole[i, j], parts[i, j], 1e-12);
        Assert.Equal(whole.Gradient.ToArray(), parts.Gradient.ToArray());
    }
}
