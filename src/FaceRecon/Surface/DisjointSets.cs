namespace FaceRecon;

/// <summary>Sets of items that grow together (union by smaller index, path halving).</summary>
internal sealed class DisjointSets
{
    private readonly int[] _parent;

    /// <summary>Every item in a set of its own.</summary>
    public DisjointSets(int count)
    {
        _parent = new int[count];
        for (var i = 0; i < count; i++)
            _parent[i] = i;
    }

    /// <summary>The item that stands for the set of <paramref name="item"/>: the smallest of the set.</summary>
    public int Find(int item)
    {
        while (_parent[item] != item)
            item = _parent[item] = _parent[_parent[item]];
        return item;
    }

    /// <summary>Makes one set of the two items' sets.</summary>
    public void Union(int a, int b)
    {
        (a, b) = (Find(a), Find(b));
        if (a < b)
            _parent[b] = a;
        else
            _parent[a] = b;
    }
}
